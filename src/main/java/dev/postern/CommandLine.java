package dev.postern;

import dev.postern.audit.command.AuditCommand;
import dev.postern.check.CheckCommand;
import dev.postern.secret.ConfiguredAliases;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/** What the program does with arguments. */
final class CommandLine {
    /** The exit code of a command line that makes no sense. */
    private static final int USAGE_ERROR = 2;

    private static final String HELP = """
            Usage: java -jar quarkus-run.jar
                     [check [--caller C --secret N] | audit ... | --help | --version]

            Serves secrets on the loopback interface until it is told to stop.
            Settings come from postern.yaml and from environment variables.

              check       print all that is wrong with the settings, make sure that
                          the backends can work, and exit: 0 good, 1 not good
                --caller C --secret N
                          print instead by which rule C may read N, which is written
                          as in a path, with #property: 0 allowed, 1 denied
              --help      print this and exit
              --version   print the version and exit
              audit       verify or sum up audit files; see audit --help
            """;

    private CommandLine() {}

    /** Runs what {@code args}, which are not empty, ask for, and returns the exit code. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        if (args.length == 1 && args[0].equals("--help")) {
            out.print(HELP);
            return 0;
        }
        if (args.length == 1 && args[0].equals("--version")) {
            out.println("postern " + version());
            return 0;
        }
        if (args[0].equals("check")) {
            return check(List.of(args), out, err);
        }
        if (args[0].equals("audit")) {
            return AuditCommand.run(List.of(args).subList(1, args.length), ConfiguredAliases::read, out, err);
        }
        err.println("postern: unknown argument: " + String.join(" ", args));
        err.print(HELP);
        return USAGE_ERROR;
    }

    private static int check(List<String> args, PrintStream out, PrintStream err) {
        try {
            return CheckCommand.parse(args).run(args, out, err);
        } catch (IllegalArgumentException e) {
            err.println("postern: check: " + e.getMessage());
            err.print(HELP);
            return USAGE_ERROR;
        }
    }

    /** The version that this was built as. */
    static String version() {
        Properties properties = new Properties();
        try (InputStream in = CommandLine.class.getResourceAsStream("/postern.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the program is incomplete", e);
        }
        return properties.getProperty("version");
    }
}
