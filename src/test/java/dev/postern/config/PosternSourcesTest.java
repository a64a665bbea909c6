package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PosternSourcesTest {
    @Test
    void variables_that_users_know_set_what_they_expect() {
        assertThat(PosternSources.familiar(Map.of(
                        "SECRETS_BACKEND", "vault",
                        "ENVIRONMENT", "production",
                        "POSTERN_TOKEN_FILE", "/run/token",
                        "POD_UID", "0b7d6a3e",
                        "OTHER", "x")))
                .isEqualTo(Map.of(
                        "postern.backend", "vault",
                        "postern.environment", "production",
                        "postern.auth.token-file.path", "/run/token",
                        "postern.auth.pod-token.pod-uid", "0b7d6a3e"));
    }

    @Test
    void an_empty_variable_sets_nothing() {
        assertThat(PosternSources.familiar(Map.of("SECRETS_BACKEND", ""))).isEmpty();
    }
}
