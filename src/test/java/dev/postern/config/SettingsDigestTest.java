package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingsDigestTest {
    private static final Pattern SUSPECT = Pattern.compile(".*(token|secret|secret-id|password|key)");

    @Test
    void every_setting_that_holds_a_secret_is_known() {
        Stream<String> paths = Stream.of("postern.auth.mtls.key", "postern.auth.pod-token.own-token");
        assertThat(KnownSettings.load().names().stream()
                        .filter(name -> SUSPECT.matcher(name).matches()))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(SettingsDigest.SECRET.stream(), paths).toList());
    }

    @Test
    void a_secret_counts_as_set_and_not_by_its_value() {
        String name = SettingsDigest.SECRET.iterator().next();
        assertThat(digest(Map.of(name, "one")))
                .isEqualTo(digest(Map.of(name, "two")))
                .isNotEqualTo(digest(Map.of()));
    }

    @Test
    void what_differs_between_the_pods_of_one_deployment_does_not_count() {
        assertThat(digest(Map.of("postern.audit.pod-name", "a", "postern.auth.pod-token.pod-uid", "b")))
                .isEqualTo(digest(Map.of("postern.audit.host-name", "c", "postern.auth.pod-token.pod-uid", "d")))
                .isNotEqualTo(digest(Map.of("postern.auth.pod-token.pod-uid", "any")));
    }

    @Test
    void no_value_can_look_like_another_setting() {
        assertThat(digest(Map.of("postern.a", "1\npostern.b=2")))
                .isNotEqualTo(digest(Map.of("postern.a", "1", "postern.b", "2")));
    }

    @Test
    void what_is_not_a_setting_of_ours_does_not_count() {
        assertThat(digest(Map.of("quarkus.log.level", "DEBUG"))).isEqualTo(digest(Map.of()));
    }

    private static String digest(Map<String, String> settings) {
        return SettingsDigest.of(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build());
    }
}
