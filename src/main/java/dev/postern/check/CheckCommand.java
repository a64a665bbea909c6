package dev.postern.check;

import io.quarkus.runtime.Quarkus;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code check}: prints one line for every faulty setting, or the rule by which a caller may read a secret. Opens no
 * listener and writes no file.
 */
@Command(
        name = "check",
        description = {
            "Check the settings and the backends, and print every fault found.",
            "With --caller and --secret, print which rule lets the caller read the secret."
        },
        exitCodeListHeading = "Exit code:%n",
        exitCodeList = {"0:no faults, or allowed", "1:faults, or denied", "2:wrong command line"})
public final class CheckCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec spec;

    @ArgGroup(exclusive = false)
    private @Nullable Asked asked;

    /**
     * @param out receives findings
     * @param err receives notes and errors
     */
    public CheckCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        Optional<Question> question = question();
        // Only system properties can override the framework's own settings.
        System.setProperty("quarkus.management.host-enabled", "false");
        System.setProperty("quarkus.log.level", "WARN");
        CheckReport report = new CheckReport(question, out, err);
        AtomicInteger exitCode = new AtomicInteger();
        // Settings that cannot be read keep the framework from starting, which is a finding.
        Quarkus.run(
                CheckApplication.class,
                (code, failure) -> exitCode.set(failure == null ? code : report.failure(failure)),
                CheckApplication.arguments(question));
        return exitCode.get();
    }

    private Optional<Question> question() {
        try {
            return Optional.ofNullable(asked).map(words -> Question.of(words.caller, words.secret));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Both options, or neither. */
    private static final class Asked {
        @Option(
                names = "--caller",
                required = true,
                paramLabel = "CALLER",
                description = "The caller, as written in rules and audit lines.")
        private String caller = "";

        @Option(
                names = "--secret",
                required = true,
                paramLabel = "SECRET",
                description = "The secret, as written in a path, with #PROPERTY for a field of it.")
        private String secret = "";
    }
}
