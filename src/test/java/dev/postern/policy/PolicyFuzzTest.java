package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.NameTemplate;
import dev.postern.secret.SecretRef;
import java.util.Map;
import org.junit.jupiter.params.provider.CsvSource;

/** A pattern matches what a plain reading of it says, and nothing outside its literal beginning. */
class PolicyFuzzTest {
    private static final Catalog CATALOG = new Catalog(
            "env",
            Map.of("env", new NameTemplate("{name}", ""), "vault", new NameTemplate("{name}", "")),
            Map.of("ALIAS", "vault:a/b"));

    @CsvSource({
        "*,                  a",
        "**,                 a/b",
        "a/*,                a/b",
        "a/**,               a/b/c",
        "a*c,                a/c",
        "***,                a/b",
        "*/**/*,             a/b/c",
        "a**b*c,             aabbcc",
        "spiffe://td/ns/*/sa/x, spiffe://td/ns/ml/sa/x",
    })
    @FuzzTest(maxDuration = "1m")
    void a_pattern_matches_as_the_plainest_matcher_says(
            @NotNull @WithUtf8Length(max = 24) String pattern, @NotNull @WithUtf8Length(max = 48) String text) {
        boolean matches = new Glob(pattern).matches(text);
        // The reference takes exponential time, which the matcher does not.
        if (pattern.chars().filter(c -> c == '*').count() <= 4) {
            assertThat(matches).isEqualTo(Reference.matches(pattern, text));
        }
    }

    @CsvSource({
        "app,                        app",
        "ml-workflow/production/*,   ml-workflow/production/app",
        "ml-workflow/production/*,   ml-workflow/production/../staging/app",
        "vault:a/**,                 vault:a/b/c",
        "vault:a/**,                 env:a/b",
        "a#K,                        a#K",
        "a#K,                        a",
        "**,                         vault:x",
        "env:**,                     ALIAS",
        "ALIAS,                      env:ALIAS",
    })
    @FuzzTest(maxDuration = "1m")
    void a_grant_covers_nothing_outside_its_beginning(@NotNull String allow, @NotNull String text) {
        Grant grant;
        SecretRef granted;
        SecretRef asked;
        try {
            grant = new Grant("r", allow, CATALOG);
            granted = SecretRef.parse(allow);
            asked = CATALOG.canonical(SecretRef.parse(text));
        } catch (InvalidReferenceException refused) {
            return;
        }
        String addressed = CATALOG.addressedBackend(asked);
        if (grant.covers(asked, addressed)) {
            String name = granted.name().value();
            int star = name.indexOf('*');
            assertThat(asked.name().value()).startsWith(star < 0 ? name : name.substring(0, star));
            assertThat(granted.backend() == null ? asked.backend() : addressed).isEqualTo(granted.backend());
            if (granted.property() != null) {
                assertThat(asked.property()).isNotNull();
                assertThat(asked.property().path())
                        .startsWith(granted.property().path().toArray(String[]::new));
            }
        }
    }
}
