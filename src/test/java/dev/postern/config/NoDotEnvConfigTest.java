package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import org.junit.jupiter.api.Test;

class NoDotEnvConfigTest {
    @Test
    void variables_and_system_properties_are_sources_where_the_default_ones_are_asked_for() {
        assertThat(new SmallRyeConfigBuilder()
                        .addDefaultSources()
                        .withCustomizers(new NoDotEnvConfig())
                        .build()
                        .getConfigSources())
                .hasAtLeastOneElementOfType(EnvConfigSource.class)
                .hasAtLeastOneElementOfType(SysPropConfigSource.class);
    }

    @Test
    void what_the_build_writes_into_the_program_does_not_come_from_its_environment() {
        assertThat(new SmallRyeConfigBuilder()
                        .setAddDefaultSources(false)
                        .withCustomizers(new NoDotEnvConfig())
                        .build()
                        .getConfigSources())
                .doesNotHaveAnyElementsOfTypes(EnvConfigSource.class, SysPropConfigSource.class);
    }
}
