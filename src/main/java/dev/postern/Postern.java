package dev.postern;

import dev.postern.check.StartFailure;
import dev.postern.config.PosternSources;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The entry point. Without arguments, it serves until it is stopped. */
@QuarkusMain
public final class Postern {
    private Postern() {}

    public static void main(String... args) {
        System.setProperty(PosternSources.RUNNING, "true");
        // Otherwise, Vert.x answers an unknown HTTP version itself, without a body.
        System.setProperty("vertx.disableWebsockets", "true");
        // Otherwise, a client could force one handshake after another on the same connection.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        // Otherwise, the JDK's clients do not send a proxy the password from its variable.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");

        if (args.length == 0) {
            Quarkus.run(null, Postern::end);
        } else {
            System.exit(PosternCommand.run(args, ConfiguredAccess::read, System.out, System.err));
        }
    }

    /** Prints faulty settings in the words of {@code check}; any other failure is a bug and gets a stack trace. */
    private static void end(int code, @Nullable Throwable failure) {
        if (failure != null) {
            List<String> faults = StartFailure.faults(failure);
            faults.forEach(fault -> System.err.println("Postern cannot start: " + fault));
            if (faults.isEmpty()) {
                Logger.getLogger(Postern.class).error("Postern cannot start", failure);
            }
        }
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure);
    }
}
