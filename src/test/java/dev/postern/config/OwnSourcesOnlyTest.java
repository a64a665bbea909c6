package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesLocationConfigSourceFactory;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import io.smallrye.config.source.yaml.YamlConfigSourceLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnSourcesOnlyTest {
    @Test
    void variables_and_system_properties_are_sources_where_the_default_ones_are_asked_for() {
        assertThat(new SmallRyeConfigBuilder()
                        .addDefaultSources()
                        .withCustomizers(new OwnSourcesOnly())
                        .build()
                        .getConfigSources())
                .hasAtLeastOneElementOfType(EnvConfigSource.class)
                .hasAtLeastOneElementOfType(SysPropConfigSource.class);
    }

    @Test
    void what_the_build_writes_into_the_program_does_not_come_from_its_environment() {
        assertThat(new SmallRyeConfigBuilder()
                        .setAddDefaultSources(false)
                        .withCustomizers(new OwnSourcesOnly())
                        .build()
                        .getConfigSources())
                .doesNotHaveAnyElementsOfTypes(EnvConfigSource.class, SysPropConfigSource.class);
    }

    @Test
    void no_other_place_is_looked_at(@TempDir Path directory) throws Exception {
        Path other = Files.writeString(directory.resolve("other.properties"), "postern.backend=planted\n");
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultSources()
                .withSources(new YamlConfigSourceLoader.InFileSystem())
                .withSources(new PropertiesLocationConfigSourceFactory())
                .withDefaultValue("smallrye.config.locations", other.toUri().toString())
                .withCustomizers(new OwnSourcesOnly())
                .build();
        assertThat(config.getConfigValue("postern.backend").getValue()).isNotEqualTo("planted");
        assertThat(config.getConfigSources())
                .extracting(source -> source.getName())
                .noneMatch(name -> name.contains("other"));
    }

    @ParameterizedTest
    @CsvSource({
        "QUARKUS_VAULT_URL, quarkus.vault.url",
        "QUARKUS_HTTP_HOST_ENABLED, quarkus.http.host-enabled",
        "QUARKUS_PROFILE, quarkus.profile",
        "SMALLRYE_CONFIG_LOCATIONS, smallrye.config.locations",
        "_PROD_POSTERN_BACKEND, %prod.postern.backend",
        "quarkus.vault.url, quarkus.vault.url",
        "postern.backend, postern.backend",
    })
    void a_variable_that_is_meant_for_another_application_sets_nothing(String variable, String property) {
        assertThat(of(Map.of(variable, "planted")).getConfigValue(property).getValue())
                .isNull();
    }

    @Test
    void a_variable_of_our_own_is_a_setting() {
        assertThat(of(Map.of("POSTERN_BACKEND", "file"))
                        .getConfigValue("postern.backend")
                        .getValue())
                .isEqualTo("file");
    }

    @Test
    void a_variable_is_found_by_its_own_name_and_not_listed() {
        Map<String, String> environment = Map.of("VAULT_TOKEN", "canary");
        assertThat(of(environment).getConfigValue("VAULT_TOKEN").getValue()).isEqualTo("canary");
        assertThat(OwnSourcesOnly.environment(environment))
                .allSatisfy(source -> assertThat(source.getPropertyNames()).isEmpty());
    }

    private static SmallRyeConfig of(Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .withSources(OwnSourcesOnly.environment(environment))
                .withDefaultValue("another", "setting")
                .build();
    }
}
