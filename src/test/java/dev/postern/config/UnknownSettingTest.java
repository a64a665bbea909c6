package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownSettingTest {
    private static final Set<String> SETTINGS = KnownSettings.load().names();

    @ParameterizedTest
    @CsvSource({
        "postern.cache.tll,                     postern.cache.ttl",
        "postern.cahce.ttl,                     postern.cache.ttl",
        "postern.cach.max-stael,                postern.cache.max-stale",
        "postern.auth.podtoken.enabled,         postern.auth.pod-token.enabled",
        "postern.backends.env.filee,            postern.backends.env.file",
        "postern.backends.aws.timout,           postern.backends.aws.timeout",
        "postern.policy.my-rule.caller,         postern.policy.my-rule.callers",
        "postern.files.app.on_change.command,   postern.files.app.on-change.command",
        "postern.\"cache.ttl\",                   postern.cache.ttl",
        "postern.environement,                  postern.environment",
    })
    void a_misspelt_key_suggests_the_setting(String name, String meant) {
        assertThat(UnknownSetting.key(name, SETTINGS))
                .isEqualTo(name + ": there is no such setting; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource({
        "POSTERN_CACHE_TLL,                     POSTERN_CACHE_TTL",
        "POSTERN_HTTP_MANAGMENT_PORT,           POSTERN_HTTP_MANAGEMENT_PORT",
        "POSTERN_BACKENDS_VAULT_TIMOUT,         POSTERN_BACKENDS_VAULT_TIMEOUT",
    })
    void a_misspelt_variable_suggests_the_variable(String name, String meant) {
        assertThat(UnknownSetting.variable(name, SETTINGS))
                .isEqualTo(name + ": there is no such setting; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postern.nonsense", "postern.audit.key", "postern.cache", "postern.x.y"})
    void a_name_like_no_setting_suggests_none(String name) {
        assertThat(UnknownSetting.key(name, SETTINGS)).isEqualTo(name + ": there is no such setting");
    }

    @Test
    void the_nearest_of_several_settings_is_suggested() {
        assertThat(UnknownSetting.key("postern.max-waitss", Set.of("postern.max-wait", "postern.max-waits")))
                .endsWith("; did you mean postern.max-waits?");
    }
}
