package dev.postern;

import dev.postern.api.listener.Listener;
import dev.postern.api.listener.OutOfMemory;
import dev.postern.backend.AvailableBackends;
import dev.postern.backend.BackendException;
import dev.postern.backend.Backends;
import dev.postern.backend.SecretBackend;
import dev.postern.cache.Prefetcher;
import dev.postern.caller.AuthMethods;
import dev.postern.caller.Authenticator;
import dev.postern.caller.TokenFile;
import dev.postern.check.SettingsCheck;
import dev.postern.config.Settings;
import dev.postern.files.RenderedFiles;
import dev.postern.policy.PolicyReload;
import dev.postern.watch.FileWatch;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.CommandLineArguments;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.CreationException;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Creates every part before the first request is accepted, so that a faulty setting fails the start instead of a
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
    private final Instance<CompatibleDoors> doors;
    private final Instance<RenderedFiles> files;
    private final Instance<PolicyReload> reload;
    private final Instance<FileWatch> watch;
    private volatile boolean complete;

    Startup(
            Instance<Backends> backends,
            Instance<Authenticator> authenticator,
            Instance<TokenFile> tokenFile,
            Instance<Prefetcher> prefetcher,
            Instance<Listener> listener,
            Instance<CompatibleDoors> doors,
            Instance<RenderedFiles> files,
            Instance<PolicyReload> reload,
            Instance<FileWatch> watch) {
        this.backends = backends;
        this.authenticator = authenticator;
        this.tokenFile = tokenFile;
        this.prefetcher = prefetcher;
        this.listener = listener;
        this.doors = doors;
        this.files = files;
        this.reload = reload;
        this.watch = watch;
    }

    boolean isComplete() {
        return complete;
    }

    /** The files to render, or null before they are known. */
    @Nullable
    RenderedFiles files() {
        return complete ? files.get() : null;
    }

    /** @param arguments the command line; if it names a command, the service does not start */
    void start(
            @Observes StartupEvent event,
            @CommandLineArguments String[] arguments,
            Config config,
            AuthMethods methods,
            @Any Instance<SecretBackend> kinds) {
        if (arguments.length > 0) {
            return;
        }
        OutOfMemory.endProcess();
        try {
            new SettingsCheck(
                            Settings.of(config),
                            System.getenv().keySet(),
                            AvailableBackends.of(kinds).keySet())
                    .refuse();
            LOG.infof(
                    "Postern %s, backends %s",
                    PosternCommand.version(), backends.get().kinds());
            LOG.infof("Authentication challenge: %s", authenticator.get().challenge());
            if (methods.tokenFile()) {
                LOG.infof("Callers' token: %s", tokenFile.get().path());
            }
            // Creating it starts the prefetch.
            prefetcher.get().isReady();
            listener.get().start(methods.hasTokens(), methods.mtls());
            doors.get().serve(listener.get());
            files.get().start();
            reload.get().start(watch.get());
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

    /** Reduces a faulty configuration to one line; any other failure is a bug and keeps its stack trace. */
    private static RuntimeException refusal(RuntimeException failure) {
        Throwable cause = failure;
        while (cause instanceof CreationException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean expected = cause instanceof BackendException
                || cause instanceof IllegalArgumentException
                || cause instanceof IllegalStateException;
        return expected && cause.getMessage() != null ? new ConfigurationException(cause.getMessage()) : failure;
    }
}
