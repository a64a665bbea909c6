package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cache.CacheConfig;
import dev.postern.files.FilesConfig;
import dev.postern.policy.PolicyConfig;
import dev.postern.secret.CatalogConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyVariablesTest {
    @TempDir
    Path directory;

    @Test
    void an_alias_has_the_name_that_the_variable_says() {
        assertThat(read(CatalogConfig.class, "POSTERN_SECRETS_DATABASE_URL", "env:A")
                        .secrets())
                .isEqualTo(Map.of("DATABASE_URL", "env:A"));
    }

    @Test
    void the_ttl_of_an_alias_is_that_of_its_name() {
        assertThat(read(CacheConfig.class, "POSTERN_CACHE_TTLS_DATABASE_URL", "3s")
                        .ttls())
                .isEqualTo(Map.of("DATABASE_URL", Duration.ofSeconds(3)));
    }

    @Test
    void a_rule_has_its_whole_name() {
        PolicyConfig policy = read(
                PolicyConfig.class,
                "POSTERN_POLICY_MY_RULE_CALLERS",
                "token-file",
                "POSTERN_POLICY_MY_RULE_ALLOW",
                "A,B");
        assertThat(policy.rules()).containsOnlyKeys("my_rule");
        assertThat(policy.rules().get("my_rule").allow()).containsExactlyInAnyOrder("A", "B");
    }

    @Test
    void a_variable_that_is_a_key_of_the_file_goes_before_the_file() throws IOException {
        Path file = Files.writeString(
                directory.resolve("postern.yaml"),
                "postern: {secrets: {database-url: env:B}, policy: {my-rule: {callers: [token-file], allow: [A, B]}}}");
        Map<String, String> environment =
                Map.of("POSTERN_SECRETS_DATABASE_URL", "env:A", "POSTERN_POLICY_MY_RULE_ALLOW", "C");
        SettingsReader settings =
                new SettingsReader(PosternSources.all(Optional.of(PosternSources.file(file)), environment));
        assertThat(settings.map(CatalogConfig.class).orElseThrow().secrets())
                .isEqualTo(Map.of("database-url", "env:A"));
        PolicyConfig policy = settings.map(PolicyConfig.class).orElseThrow();
        assertThat(policy.rules()).containsOnlyKeys("my-rule");
        assertThat(policy.rules().get("my-rule").allow()).containsExactly("C");
    }

    @Test
    void what_kubernetes_sets_for_a_service_is_no_alias() {
        assertThat(read(
                                CatalogConfig.class,
                                "POSTERN_SECRETS_PORT",
                                "tcp://10.0.0.1:80",
                                "POSTERN_SECRETS_SERVICE_HOST",
                                "10.0.0.1")
                        .secrets())
                .isEmpty();
    }

    @Test
    void a_secret_of_a_file_has_two_keys_and_keeps_its_case() {
        FilesConfig files = read(
                FilesConfig.class,
                "POSTERN_FILES_APP_PATH",
                "/run/app/app.env",
                "POSTERN_FILES_APP_SECRETS_DATABASE_URL",
                "app#url",
                "POSTERN_FILES_APP_ON_CHANGE_TIMEOUT",
                "5s");
        assertThat(files.targets()).containsOnlyKeys("app");
        assertThat(files.targets().get("app").secrets()).containsExactly(Map.entry("DATABASE_URL", "app#url"));
        assertThat(files.targets().get("app").onChange().timeout()).hasSeconds(5);
    }

    @Test
    void every_setting_with_a_key_has_such_variables() {
        assertThat(KeyVariables.patterns())
                .containsExactlyInAnyOrderElementsOf(KnownSettings.load().names().stream()
                        .map(name -> name.replaceAll("\\[\\*]$", ""))
                        .filter(name -> name.contains("*"))
                        .collect(Collectors.toSet()));
    }

    private static <T> T read(Class<T> mapping, String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new SettingsReader(PosternSources.all(Optional.<ConfigSource>empty(), environment))
                .map(mapping)
                .orElseThrow();
    }
}
