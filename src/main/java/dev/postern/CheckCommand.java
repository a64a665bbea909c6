package dev.postern;

import dev.postern.caller.Caller;
import dev.postern.config.KnownSettings;
import dev.postern.config.Problems;
import dev.postern.policy.CallerForm;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.PercentEncoding;
import dev.postern.secret.Property;
import dev.postern.secret.SecretRef;
import io.quarkus.runtime.Quarkus;
import io.smallrye.config.ConfigValidationException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code check}: says what is wrong with the settings, a line for each fault, or by which rule a caller may read a
 * secret. It starts no listener and writes no file.
 */
final class CheckCommand {
    /** The system property that is set while this command runs. */
    private static final String RUNNING = "dev.postern.checking";

    private static final int GOOD = 0;
    private static final int BAD = 1;

    private CheckCommand() {}

    /** Whether the process was started to check the settings, not to serve. */
    static boolean isRunning() {
        return Boolean.getBoolean(RUNNING);
    }

    /** Runs the command, and ends the process. */
    static void run(String[] args, PrintStream out, PrintStream err) {
        Question question = null;
        try {
            if (args.length > 0) {
                question = Question.parse(args);
            }
        } catch (IllegalArgumentException e) {
            err.println("postern: check: " + e.getMessage());
            err.print(CommandLine.HELP);
            System.exit(CommandLine.USAGE_ERROR);
        }
        System.setProperty(RUNNING, "true");
        System.setProperty("quarkus.management.host-enabled", "false");
        System.setProperty("quarkus.log.level", "WARN");
        KnownSettings.collect();
        Optional<Question> asked = Optional.ofNullable(question);
        // Settings that cannot be read keep the framework from starting: that is a finding.
        Quarkus.run(
                BackendsCheck.class, (code, failure) -> System.exit(report(asked, failure, out, err)), new String[0]);
    }

    private static int report(
            Optional<Question> question, @Nullable Throwable failure, PrintStream out, PrintStream err) {
        SettingsCheck settings = SettingsCheck.ofProcess();
        List<String> faults = new ArrayList<>();
        if (failure != null) {
            faults.addAll(faults(failure));
        }
        faults.addAll(settings.faults());
        if (failure == null && question.isEmpty()) {
            faults.addAll(BackendsCheck.faults());
        }
        List<String> lines = faults.stream().distinct().toList();
        lines.forEach(fault -> out.println("fault: " + fault));
        if (!lines.isEmpty()) {
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
            SecretRef asked = settings.catalog().canonical(question.secret);
            String rule = settings.policy().ruleFor(new Caller(question.caller, "check"), asked);
            out.println(
                    rule == null
                            ? "denied: no rule lets " + question.caller + " read " + asked
                            : "allowed: " + question.caller + " may read " + asked + " by the rule " + rule);
            return rule == null ? BAD : GOOD;
        } catch (InvalidReferenceException e) {
            err.println("postern: check: --secret: " + e.getMessage());
            return CommandLine.USAGE_ERROR;
        }
    }

    private static List<String> faults(Throwable failure) {
        Throwable last = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigValidationException invalid) {
                return Problems.of(invalid);
            }
            last = cause;
        }
        String message = String.valueOf(last.getMessage());
        return List.of(message.replace("Postern cannot start: ", "").replaceAll("\\s+", " "));
    }

    /**
     * Who wants to read what.
     *
     * @param caller as rules and audit lines know it
     */
    record Question(String caller, SecretRef secret) {
        /**
         * @throws IllegalArgumentException if {@code args} are not {@code --caller} and {@code --secret}, in any order
         */
        static Question parse(String[] args) {
            String caller = null;
            String secret = null;
            for (int i = 0; i + 1 < args.length; i += 2) {
                switch (args[i]) {
                    case "--caller" -> caller = args[i + 1];
                    case "--secret" -> secret = args[i + 1];
                    default -> throw new IllegalArgumentException("unknown argument: " + args[i]);
                }
            }
            if (args.length != 4 || caller == null || secret == null) {
                throw new IllegalArgumentException("it takes --caller and --secret, or neither");
            }
            if (!CallerForm.isKnown(caller) || caller.indexOf('*') >= 0) {
                throw new IllegalArgumentException("--caller: a caller is " + CallerForm.FORMS_OF_ONE);
            }
            return new Question(caller, reference(secret));
        }

        private static SecretRef reference(String secret) {
            try {
                int hash = secret.indexOf('#');
                SecretRef bare = SecretRef.parsePath(hash < 0 ? secret : secret.substring(0, hash));
                return hash < 0
                        ? bare
                        : bare.with(Property.parse(PercentEncoding.decode(secret.substring(hash + 1))), null);
            } catch (InvalidReferenceException e) {
                throw new IllegalArgumentException("--secret: " + e.getMessage(), e);
            }
        }
    }
}
