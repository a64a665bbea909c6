package dev.postern.config;

import io.smallrye.config.ConfigurableConfigSource;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSourceLoader;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import io.smallrye.config.SysPropConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Keeps the framework from reading settings elsewhere: from {@code .env}, {@code config/} in the working directory,
 * {@code smallrye.config.locations}, and variables that begin with {@code QUARKUS_} or {@code SMALLRYE_}. Anybody who
 * can write there, or sets a variable for another application, must not change this service.
 *
 * <p>These sources remain: the program's {@code application.properties}, {@link PosternSources}, variables that begin
 * with {@code POSTERN_}, and system properties.
 *
 * <p>A configuration without the default sources stays as it is. The build uses one of that kind: the framework writes
 * everything that it finds there into the program.
 */
public final class OwnSourcesOnly implements SmallRyeConfigBuilderCustomizer {
    private static final String PROPERTIES = "application.properties";
    /** The default of MicroProfile Config. */
    private static final int PROPERTIES_ORDINAL = 250;
    /** The default of MicroProfile Config for environment variables. */
    private static final int ENVIRONMENT_ORDINAL = 300;

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        if (builder.isAddDefaultSources()) {
            builder.setAddDefaultSources(false).setAddSystemSources(false).setAddPropertiesSources(false);
            builder.getSourceProviders().removeIf(provider -> !(provider instanceof PosternSources));
            // These read smallrye.config.locations and the files of profiles.
            builder.getSources().removeIf(ConfigurableConfigSource.class::isInstance);
            builder.withSources(PropertiesConfigSourceLoader.inClassPath(
                            PROPERTIES,
                            PROPERTIES_ORDINAL,
                            Thread.currentThread().getContextClassLoader()))
                    .withSources(new SysPropConfigSource())
                    .withSources(environment(System.getenv()));
        }
    }

    /** The settings in environment variables, except {@link KeyVariables}, which belong to {@link PosternSources}. */
    static List<ConfigSource> environment(Map<String, String> variables) {
        Map<String, String> settings = new HashMap<>(Variables.withoutServiceLinks(variables));
        settings.keySet().removeIf(name -> !name.startsWith(Variables.PREFIX) || KeyVariables.isOne(name));
        return List.of(new EnvConfigSource(settings, ENVIRONMENT_ORDINAL), new NamedVariables(variables));
    }

    /** Runs after all other customizers. */
    @Override
    public int priority() {
        return Integer.MAX_VALUE;
    }
}
