package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
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

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "udp", "sctp"})
    void what_kubernetes_sets_for_a_service_of_our_name_is_no_setting(String protocol) {
        String address = protocol + "://10.0.0.1:80";
        String port = "POSTERN_HTTP_PORT_80_" + protocol.toUpperCase(Locale.ROOT);
        assertThat(Variables.withoutServiceLinks(Map.of(
                        "POSTERN_HTTP_PORT",
                        address,
                        "POSTERN_HTTP_SERVICE_HOST",
                        "10.0.0.1",
                        "POSTERN_HTTP_SERVICE_PORT",
                        "80",
                        "POSTERN_HTTP_SERVICE_PORT_WEB",
                        "80",
                        port,
                        address,
                        port + "_ADDR",
                        "10.0.0.1",
                        port + "_PORT",
                        "80",
                        "POSTERN_PORT",
                        address,
                        "POSTERN_SERVICE_HOST",
                        "10.0.0.1",
                        "POSTERN_HTTP_HOST",
                        "127.0.0.1")))
                .containsExactly(Map.entry("POSTERN_HTTP_HOST", "127.0.0.1"));
    }

    @Test
    void what_merely_has_the_name_of_one_stays_a_setting() {
        Map<String, String> own = Map.of(
                "POSTERN_HTTP_PORT", "7740",
                "POSTERN_SECRETS_SERVICE_HOST", "env:SERVICE_HOST",
                "POSTERN_SECRETS_PORT", "env:PORT",
                "KUBERNETES_PORT", "tcp://10.0.0.1:443",
                "KUBERNETES_SERVICE_HOST", "10.0.0.1");
        assertThat(Variables.withoutServiceLinks(own)).isEqualTo(own);
    }

    @Test
    void finds_what_is_misspelt() {
        assertThat(Variables.unknown(
                        Set.of("POSTERN_CACHE_MAX_ENTRYS", "POSTERN_BAKEND", "POSTERN_BACKEND", "HOME"), SETTINGS))
                .containsExactly("POSTERN_BAKEND", "POSTERN_CACHE_MAX_ENTRYS");
    }
}
