package dev.postern;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.audit.command.AuditCommand;
import dev.postern.audit.command.VerifyCommand;
import dev.postern.audit.report.Configured;
import dev.postern.audit.report.ReportCommand;
import dev.postern.check.CheckCommand;
import dev.postern.completion.CompletionCommand;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Without arguments the program serves, and does not load this. */
@Command(
        name = "postern",
        versionProvider = PosternCommand.class,
        description = {
            "Without a command, serves secrets on the loopback interface until it is stopped.",
            "Settings come from postern.yaml and from environment variables."
        })
final class PosternCommand implements IVersionProvider {
    @Option(names = "--help", usageHelp = true, scope = ScopeType.INHERIT, description = "Print this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Print the version.")
    boolean version;

    /**
     * Runs the command in {@code args}, which must not be empty.
     *
     * @param configured supplies what callers may read, called only if it is needed
     * @return the exit code; 2 for an invalid command line
     */
    static int run(String[] args, Supplier<Configured> configured, PrintStream out, PrintStream err) {
        CommandLine audit = new CommandLine(new AuditCommand())
                .addSubcommand(new VerifyCommand(out))
                .addSubcommand(new ReportCommand(configured, out));
        return new CommandLine(new PosternCommand())
                .addSubcommand(new CheckCommand(out, err))
                .addSubcommand(audit)
                .addSubcommand(new CompletionCommand(out))
                .setExpandAtFiles(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setOut(new PrintWriter(new OutputStreamWriter(out, UTF_8), true))
                .setParameterExceptionHandler((failure, words) -> refuse(failure, err))
                .setExecutionExceptionHandler((failure, command, parsed) -> unreadable(failure, err))
                .execute(args);
    }

    private static int refuse(ParameterException failure, PrintStream err) {
        String why = failure instanceof UnmatchedArgumentException unmatched
                ? "unknown argument: " + String.join(" ", unmatched.getUnmatched())
                : String.valueOf(failure.getMessage()).replaceFirst("^Error: ", "");
        err.println("postern: " + why);
        err.println("Add --help to the command to see its options.");
        return CommandLine.ExitCode.USAGE;
    }

    /** @throws Exception if the failure is not about a file that the command reads */
    private static int unreadable(Exception failure, PrintStream err) throws Exception {
        if (failure instanceof IOException || failure instanceof ConfigurationException) {
            err.println("postern: " + failure.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        throw failure;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"postern " + version()};
    }

    static String version() {
        Properties properties = new Properties();
        try (InputStream in = PosternCommand.class.getResourceAsStream("/postern.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the program is incomplete", e);
        }
        return properties.getProperty("version");
    }
}
