package dev.postern.policy;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "app,                     app",
        "ml-workflow/prod/*,      ml-workflow/prod/app",
        "ml-workflow/*/app,       ml-workflow/prod/app",
        "ml-workflow/**,          ml-workflow/prod/a/b",
        "**/app,                  a/b/app",
        "a*c,                     abc",
        "a*c,                     ac",
        "a**c,                    a/b/c",
        "**,                      a/b",
        "*,                       a",
        "a.c,                     a.c",
    })
    void matches(String pattern, String text) {
        assertThat(new Glob(pattern).matches(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "app,                     apps",
        "app,                     xapp",
        "app,                     App",
        "ml-workflow/prod/*,      ml-workflow/prod/a/b",
        "ml-workflow/prod/*,      ml-workflow/production/app",
        "ml-workflow/prod/*,      ml-workflow/prod",
        "ml-workflow/*/app,       ml-workflow/a/b/app",
        "*,                       a/b",
        "**/app,                  app",
        "a.c,                     abc",
        "a*c,                     a/c",
    })
    void does_not_match(String pattern, String text) {
        assertThat(new Glob(pattern).matches(text)).isFalse();
    }

    @Test
    void a_pattern_made_to_backtrack_does_not() {
        Glob glob = new Glob("*a".repeat(100) + "**a".repeat(50) + "b");
        assertTimeoutPreemptively(
                ofSeconds(10), () -> assertThat(glob.matches("a".repeat(512))).isFalse());
    }
}
