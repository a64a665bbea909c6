package dev.postern;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The program. Without arguments it serves until it is told to stop. */
@QuarkusMain
public final class Postern {
    private Postern() {}

    public static void main(String... args) {
        if (args.length == 0) {
            Quarkus.run();
        } else {
            System.exit(CommandLine.run(args, System.out, System.err));
        }
    }
}
