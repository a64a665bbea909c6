package dev.postern;

import dev.postern.config.PosternSources;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The program. Without arguments it serves until it is told to stop. */
@QuarkusMain
public final class Postern {
    private Postern() {}

    public static void main(String... args) {
        System.setProperty(PosternSources.RUNNING, "true");
        // Else Vert.x answers an unknown HTTP version itself, without a body.
        System.setProperty("vertx.disableWebsockets", "true");
        // Else a client could have handshake after handshake computed on one connection.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");

        if (args.length == 0) {
            Quarkus.run();
        } else {
            System.exit(CommandLine.run(args, System.out, System.err));
        }
    }
}
