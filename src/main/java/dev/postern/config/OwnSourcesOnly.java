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
 * Keeps the framework from looking for settings in places of its own: {@code .env}, {@code config/} in the working
 * directory, what {@code smallrye.config.locations} names, and variables that begin with {@code QUARKUS_} or
 * {@code SMALLRYE_}. Whoever may write there, or sets a variable for another application, must not change what this
 * service does.
 *
 * <p>What is left: the program's own {@code application.properties}, {@link PosternSources}, the variables that begin
 * with {@code POSTERN_}, and system properties.
 *
 * <p>A configuration that leaves out the default sources is left as it is. While the program is built there is one of
 * that kind: the framework writes everything that it finds there into the program.
 */
public final class OwnSourcesOnly implements SmallRyeConfigBuilderCustomizer {
    private static final String PROPERTIES = "application.properties";
    /** MicroProfile Config's own. */
    private static final int PROPERTIES_ORDINAL = 250;
    /** MicroProfile Config's own for environment variables. */
    private static final int ENVIRONMENT_ORDINAL = 300;

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        if (builder.isAddDefaultSources()) {
            builder.setAddDefaultSources(false).setAddSystemSources(false).setAddPropertiesSources(false);
            builder.getSourceProviders().removeIf(provider -> !(provider instanceof PosternSources));
            // These look where smallrye.config.locations points, and for files of a profile.
            builder.getSources().removeIf(ConfigurableConfigSource.class::isInstance);
            builder.withSources(PropertiesConfigSourceLoader.inClassPath(
                            PROPERTIES,
                            PROPERTIES_ORDINAL,
                            Thread.currentThread().getContextClassLoader()))
                    .withSources(new SysPropConfigSource())
                    .withSources(environment(System.getenv()));
        }
    }

    /** The settings in environment variables but {@link KeyVariables}, which are among {@link PosternSources}. */
    static List<ConfigSource> environment(Map<String, String> variables) {
        Map<String, String> settings = new HashMap<>(Variables.withoutServiceLinks(variables));
        settings.keySet().removeIf(name -> !name.startsWith(Variables.PREFIX) || KeyVariables.isOne(name));
        return List.of(new EnvConfigSource(settings, ENVIRONMENT_ORDINAL), new NamedVariables(variables));
    }

    /** After all others. */
    @Override
    public int priority() {
        return Integer.MAX_VALUE;
    }
}
