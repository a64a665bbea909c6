package dev.postern.check;

import dev.postern.caller.Caller;
import dev.postern.config.KnownSettings;
import dev.postern.config.SettingsReader;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import io.quarkus.runtime.Quarkus;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * {@code check}: says what is wrong with the settings, a line for each fault, or by which rule a caller may read a
 * secret. It starts no listener and writes no file.
 */
public final class CheckCommand {
    private static final int GOOD = 0;
    private static final int BAD = 1;
    private static final int USAGE_ERROR = 2;

    private final Optional<Question> question;

    private CheckCommand(Optional<Question> question) {
        this.question = question;
    }

    /**
     * @param args {@code check}, and perhaps {@code --caller} and {@code --secret} with their values
     * @throws IllegalArgumentException if they are anything else
     */
    public static CheckCommand parse(List<String> args) {
        if (args.size() == 1) {
            return new CheckCommand(Optional.empty());
        }
        String caller = null;
        String secret = null;
        for (int i = 1; i + 1 < args.size(); i += 2) {
            switch (args.get(i)) {
                case "--caller" -> caller = args.get(i + 1);
                case "--secret" -> secret = args.get(i + 1);
                default -> throw new IllegalArgumentException("unknown argument: " + args.get(i));
            }
        }
        if (args.size() != 5 || caller == null || secret == null) {
            throw new IllegalArgumentException("it takes --caller and --secret, or neither");
        }
        return new CheckCommand(Optional.of(Question.of(caller, secret)));
    }

    /**
     * Runs the command.
     *
     * @param args what the command was parsed from; that there are any keeps the service from being started
     */
    public int run(List<String> args, PrintStream out, PrintStream err) {
        System.setProperty("quarkus.management.host-enabled", "false");
        System.setProperty("quarkus.log.level", "WARN");
        AtomicInteger exitCode = new AtomicInteger();
        // Settings that cannot be read keep the framework from starting: that is a finding.
        Quarkus.run(
                CheckApplication.class,
                (code, failure) -> exitCode.set(failure == null ? code : reportFailure(failure, out, err)),
                args.toArray(String[]::new));
        return exitCode.get();
    }

    private int reportFailure(Throwable failure, PrintStream out, PrintStream err) {
        SettingsCheck settings = new SettingsCheck(
                SettingsReader.ofProcess(),
                System.getenv().keySet(),
                KnownSettings.load().groupsBelow("postern.backends"));
        return reportFailure(failure, settings, out, err);
    }

    int reportFailure(Throwable failure, SettingsCheck settings, PrintStream out, PrintStream err) {
        List<String> known = StartFailure.faults(failure);
        List<String> first = known.isEmpty() ? List.of("the program failed: " + failure) : known;
        List<String> faults = Stream.concat(first.stream(), settings.faults().stream())
                .distinct()
                .toList();
        return report(faults, settings, out, err);
    }

    /** Whether each enabled backend has to work; a question about the rules does not need them. */
    boolean needsBackends() {
        return question.isEmpty();
    }

    /** Prints what was found, or the answer to the question, and returns the exit code. */
    int report(List<String> faults, SettingsCheck settings, PrintStream out, PrintStream err) {
        if (!faults.isEmpty()) {
            faults.forEach(fault -> out.println("fault: " + fault));
            return BAD;
        }
        if (question.isPresent()) {
            return answer(question.get(), settings, out, err);
        }
        out.println("ok");
        return GOOD;
    }

    private static int answer(Question question, SettingsCheck settings, PrintStream out, PrintStream err) {
        try {
            SecretRef asked = settings.catalog().canonical(question.secret());
            String rule = settings.policy().ruleFor(new Caller(question.caller(), "check"), asked);
            out.println(
                    rule == null
                            ? "denied: no rule lets " + question.caller() + " read " + asked
                            : "allowed: " + question.caller() + " may read " + asked + " by the rule " + rule);
            return rule == null ? BAD : GOOD;
        } catch (InvalidReferenceException e) {
            err.println("postern: check: --secret: " + e.getMessage());
            return USAGE_ERROR;
        }
    }
}
