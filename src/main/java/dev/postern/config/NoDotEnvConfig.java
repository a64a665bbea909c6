package dev.postern.config;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import io.smallrye.config.SysPropConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Keeps the framework from reading a {@code .env} file in the working directory as its own configuration. Here such a
 * file holds secrets, which must neither configure anything nor show up among the settings.
 *
 * <p>A configuration that leaves out the default sources is left as it is. While the program is built there is one of
 * that kind: the framework writes everything that it finds there into the program.
 */
public final class NoDotEnvConfig implements SmallRyeConfigBuilderCustomizer {
    /** MicroProfile Config's own for environment variables. */
    private static final int ENVIRONMENT_ORDINAL = 300;

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        if (builder.isAddDefaultSources()) {
            builder.setAddDefaultSources(false)
                    .addPropertiesSources()
                    .withSources(new SysPropConfigSource(), environment());
        }
    }

    /** The settings in the environment of this process. */
    static ConfigSource environment() {
        return new EnvConfigSource(Variables.withoutServiceLinks(System.getenv()), ENVIRONMENT_ORDINAL);
    }
}
