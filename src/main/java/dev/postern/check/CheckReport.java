package dev.postern.check;

import dev.postern.caller.Caller;
import dev.postern.config.KnownSettings;
import dev.postern.config.SettingsReader;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Prints the findings of {@code check}, or the answer to its question. */
final class CheckReport {
    private static final int GOOD = 0;
    private static final int BAD = 1;
    private static final int USAGE_ERROR = 2;

    private final Optional<Question> question;
    private final PrintStream out;
    private final PrintStream err;

    /** @param question the question about the rules, if there is one */
    CheckReport(Optional<Question> question, PrintStream out, PrintStream err) {
        this.question = question;
        this.out = out;
        this.err = err;
    }

    /** Whether the backends must work. A question about the rules does not need them. */
    boolean needsBackends() {
        return question.isEmpty();
    }

    /** Prints a remark apart from the findings. */
    void note(String note) {
        err.println("note: " + note);
    }

    /** Reports that the framework could not start, and returns the exit code. */
    int failure(Throwable failure) {
        return failure(
                failure,
                new SettingsCheck(
                        SettingsReader.ofProcess(),
                        System.getenv().keySet(),
                        KnownSettings.load().groupsBelow("postern.backends")));
    }

    int failure(Throwable failure, SettingsCheck settings) {
        List<String> known = StartFailure.faults(failure);
        List<String> first = known.isEmpty() ? List.of("the program failed: " + failure) : known;
        List<String> faults = Stream.concat(first.stream(), settings.faults().stream())
                .distinct()
                .toList();
        return findings(faults, settings);
    }

    /**
     * Prints the faults, or else the answer to the question or the files that would be written. Returns the exit code.
     */
    int findings(List<String> faults, SettingsCheck settings) {
        if (!faults.isEmpty()) {
            faults.forEach(fault -> out.println("fault: " + fault));
            return BAD;
        }
        if (question.isPresent()) {
            return answer(question.get(), settings);
        }
        settings.files().forEach(out::println);
        out.println("ok");
        return GOOD;
    }

    private int answer(Question asked, SettingsCheck settings) {
        try {
            SecretRef secret = settings.catalog().canonical(asked.secret());
            String rule = settings.policy().ruleFor(new Caller(asked.caller(), "check"), secret);
            out.println(
                    rule == null
                            ? "denied: no rule allows " + asked.caller() + " to read " + secret
                            : "allowed: rule " + rule + " lets " + asked.caller() + " read " + secret);
            return rule == null ? BAD : GOOD;
        } catch (InvalidReferenceException e) {
            err.println("postern: --secret: " + e.getMessage());
            return USAGE_ERROR;
        }
    }
}
