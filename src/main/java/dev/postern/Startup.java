package dev.postern;

import dev.postern.api.HttpConfig;
import dev.postern.api.Listener;
import dev.postern.backend.BackendException;
import dev.postern.backend.Backends;
import dev.postern.cache.Prefetcher;
import dev.postern.caller.Authenticator;
import dev.postern.caller.TokenFile;
import dev.postern.config.Variables;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.CreationException;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Makes every part before the first request is accepted, so that a wrong setting stops the start instead of failing a
 * request.
 */
@Singleton
final class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class);

    private final Instance<Backends> backends;
    private final Instance<Authenticator> authenticator;
    private final Instance<TokenFile> tokenFile;
    private final Instance<Prefetcher> prefetcher;
    private final Instance<Listener> listener;
    private volatile boolean complete;

    Startup(
            Instance<Backends> backends,
            Instance<Authenticator> authenticator,
            Instance<TokenFile> tokenFile,
            Instance<Prefetcher> prefetcher,
            Instance<Listener> listener) {
        this.backends = backends;
        this.authenticator = authenticator;
        this.tokenFile = tokenFile;
        this.prefetcher = prefetcher;
        this.listener = listener;
    }

    /** Whether requests are accepted. */
    boolean isComplete() {
        return complete;
    }

    void start(@Observes StartupEvent event, BeanManager beans, HttpConfig http, AuthMethods methods) {
        if (CheckCommand.isRunning()) {
            return;
        }
        try {
            checkVariables(beans);
            Limits.of(http).forEach(Runnable::run);

            LOG.infof(
                    "Postern %s, backends %s",
                    CommandLine.version(), backends.get().kinds());
            LOG.infof("Callers are told: %s", authenticator.get().challenge());
            if (methods.tokenFile()) {
                LOG.infof("The token for callers is in %s", tokenFile.get().path());
            }
            // Made, it has begun.
            prefetcher.get().isReady();
            listener.get().start(methods.hasTokens(), methods.mtls());
            complete = true;
        } catch (RuntimeException e) {
            throw refusal(e);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (complete) {
            complete = false;
            listener.get().stop();
        }
    }

    private static void checkVariables(BeanManager beans) {
        Set<String> settings = new HashSet<>();
        for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
            for (Type type : bean.getTypes()) {
                if (type instanceof Class<?> mapping && mapping.isAnnotationPresent(ConfigMapping.class)) {
                    settings.addAll(ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(mapping))
                            .keySet());
                }
            }
        }
        Set<String> unknown = Variables.unknown(System.getenv().keySet(), settings);
        if (!unknown.isEmpty()) {
            throw new IllegalStateException(
                    "there is no setting for the environment variable " + String.join(", ", unknown));
        }
    }

    /** What is wrong with the configuration is told in a line; anything else is a bug and keeps its stack trace. */
    private static RuntimeException refusal(RuntimeException failure) {
        Throwable cause = failure;
        while (cause instanceof CreationException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean expected = cause instanceof BackendException
                || cause instanceof IllegalArgumentException
                || cause instanceof IllegalStateException;
        return expected && cause.getMessage() != null
                ? new ConfigurationException("Postern cannot start: " + cause.getMessage())
                : failure;
    }
}
