package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {
    private static final Set<String> SETTINGS = Set.of(
            "postern.backend",
            "postern.cache.max-entries",
            "postern.secrets.*",
            "postern.backends.*.timeout",
            "postern.http.port");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POSTERN_BACKEND",
                "POSTERN_CACHE_MAX_ENTRIES",
                "POSTERN_SECRETS_DATABASE_URL",
                "POSTERN_BACKENDS_VAULT_TIMEOUT",
                "POSTERN_HTTP_PORT",
                "POSTERN_CONFIG",
                "POSTERN_TOKEN_FILE",
                "POSTERN_IT_VAULT_ADDR",
                "PATH",
                "XPOSTERN_FOO"
            })
    void knows_every_setting(String name) {
        assertThat(Variables.unknown(Set.of(name), SETTINGS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POSTERN_SERVICE_HOST",
                "POSTERN_SERVICE_PORT",
                "POSTERN_SERVICE_PORT_HTTP",
                "POSTERN_PORT",
                "POSTERN_PORT_7740_TCP",
                "POSTERN_PORT_7740_TCP_ADDR",
                "POSTERN_METRICS_SERVICE_HOST",
                "POSTERN_METRICS_PORT_7742_TCP_PROTO"
            })
    void lets_pass_what_kubernetes_sets_for_a_service_of_our_name(String name) {
        assertThat(Variables.unknown(Set.of(name), SETTINGS)).isEmpty();
    }

    @Test
    void finds_what_is_misspelt() {
        assertThat(Variables.unknown(
                        Set.of("POSTERN_CACHE_MAX_ENTRYS", "POSTERN_BAKEND", "POSTERN_BACKEND", "HOME"), SETTINGS))
                .containsExactly("POSTERN_BAKEND", "POSTERN_CACHE_MAX_ENTRYS");
    }
}
