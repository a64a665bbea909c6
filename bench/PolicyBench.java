import dev.postern.caller.Caller;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyConfig;
import dev.postern.secret.Catalog;
import dev.postern.secret.NameTemplate;
import dev.postern.secret.SecretRef;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a decision costs among 10,000 rules, as a ratio to what it costs with one rule, in the same run.
 *
 * <p>Needs a built service (./mvnw -DskipTests package):
 *
 * <pre>java -cp 'target/quarkus-app/app/*:target/quarkus-app/lib/main/*' bench/PolicyBench.java</pre>
 */
final class PolicyBench {
    private static final int RULES = 10_000;
    private static final int ROUNDS = 11;
    private static final int DECISIONS = 300_000;
    private static final int NEW_CALLERS = 2_000;
    private static final Catalog CATALOG = new Catalog("env", Map.of("env", new NameTemplate("{name}", "x")), Map.of());

    /** Keeps the work from being optimised away. */
    private static volatile int sink;

    public static void main(String[] args) {
        Policy one = policy(1, "system:serviceaccount:ns%d:app");
        Policy literal = policy(RULES, "system:serviceaccount:ns%d:app");
        Policy patterns = policy(RULES, "system:serviceaccount:ns%d:*");
        Policy oneForStrangers = policy(1, "system:serviceaccount:ns%d:*");
        Policy patternsForStrangers = policy(RULES, "system:serviceaccount:ns%d:*");
        Caller known = new Caller("system:serviceaccount:ns0:app", "bench");
        SecretRef allowed = SecretRef.parse("team0/production/app");
        SecretRef denied = SecretRef.parse("team1/production/app");

        for (int i = 0; i < ROUNDS; i++) {
            decide(one, known, allowed);
            decide(patterns, known, denied);
        }
        double[][] nanos = new double[6][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            nanos[0][round] = decide(one, known, allowed);
            nanos[1][round] = decide(literal, known, allowed);
            nanos[2][round] = decide(patterns, known, allowed);
            nanos[3][round] = decide(literal, known, denied);
            nanos[4][round] = meet(oneForStrangers, round);
            nanos[5][round] = meet(patternsForStrangers, round);
        }
        System.out.printf("%-64s %8s%n", "a decision", "ratio");
        print("10,000 rules, the caller by name / 1 rule", nanos[1], nanos[0]);
        print("10,000 rules, the caller by a pattern / 1 rule", nanos[2], nanos[0]);
        print("10,000 rules, denied / 1 rule, allowed", nanos[3], nanos[0]);
        print("a caller's first, 10,000 rules with patterns / 1 rule", nanos[5], nanos[4]);
        System.out.printf("for scale: %.0f ns with 1 rule; a caller's first among 10,000 patterns %.0f us%n",
                median(nanos[0]), median(nanos[5]) / 1000);
    }

    private static double decide(Policy policy, Caller caller, SecretRef asked) {
        int found = 0;
        long start = System.nanoTime();
        for (int i = 0; i < DECISIONS; i++) {
            found += policy.ruleFor(caller, asked) == null ? 0 : 1;
        }
        sink = found;
        return (System.nanoTime() - start) / (double) DECISIONS;
    }

    /** Callers that have not been seen before. */
    private static double meet(Policy policy, int round) {
        SecretRef asked = SecretRef.parse("team0/production/app");
        int found = 0;
        long start = System.nanoTime();
        for (int i = 0; i < NEW_CALLERS; i++) {
            Caller stranger = new Caller("system:serviceaccount:ns0:app-" + round + "-" + i, "bench");
            found += policy.ruleFor(stranger, asked) == null ? 0 : 1;
        }
        sink = found;
        return (System.nanoTime() - start) / (double) NEW_CALLERS;
    }

    private static void print(String what, double[] above, double[] below) {
        double[] ratios = new double[ROUNDS];
        Arrays.setAll(ratios, i -> above[i] / below[i]);
        System.out.printf("%-64s %8.2f%n", what, median(ratios));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Policy policy(int rules, String callers) {
        Map<String, PolicyConfig.Rule> config = new HashMap<>();
        for (int i = 0; i < rules; i++) {
            config.put("r" + i, rule(callers.formatted(i), "team" + i + "/production/*"));
        }
        return new Policy(() -> config, CATALOG, false);
    }

    private static PolicyConfig.Rule rule(String caller, String allow) {
        return new PolicyConfig.Rule() {
            @Override
            public Set<String> callers() {
                return Set.of(caller);
            }

            @Override
            public Set<String> allow() {
                return Set.of(allow);
            }
        };
    }
}
