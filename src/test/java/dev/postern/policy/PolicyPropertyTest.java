package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.Caller;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.NameTemplate;
import dev.postern.secret.SecretName;
import dev.postern.secret.SecretRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What holds for any rules, on many of them, the same in every run. */
class PolicyPropertyTest {
    private static final int RUNS = 20_000;

    private final Random random = new Random(7740);
    private final Catalog catalog = new Catalog("env", Map.of("env", new NameTemplate("{name}", "")), Map.of());

    @Test
    void matching_equals_the_reference() {
        for (int i = 0; i < RUNS; i++) {
            String pattern = text("ab/**", 8);
            String text = text("ab/", 10);
            assertThat(new Glob(pattern).matches(text))
                    .as("%s on %s", pattern, text)
                    .isEqualTo(Reference.matches(pattern, text));
        }
    }

    @Test
    void a_rule_never_allows_what_is_outside_its_prefix() {
        int allowed = 0;
        for (int i = 0; i < RUNS; i++) {
            String prefix = name("abc/", 6);
            Policy policy = policy(Map.of("r", rule("cn:x", prefix + (random.nextBoolean() ? "/**" : "/*"))));
            String asked = random.nextBoolean() ? name("abc/", 12) : prefix + "/" + name("abc/", 6);
            if (policy.ruleFor(new Caller("cn:x", "test"), SecretRef.parse(asked)) != null) {
                allowed++;
                assertThat(asked).startsWith(prefix + "/");
            }
        }
        assertThat(allowed).isGreaterThan(RUNS / 10);
    }

    @Test
    void a_policy_decides_as_the_union_of_its_rules_read_one_by_one() {
        for (int i = 0; i < RUNS / 20; i++) {
            Map<String, PolicyConfig.Rule> rules = new java.util.TreeMap<>();
            for (int r = random.nextInt(6); r >= 0; r--) {
                rules.put("r" + r, rule("cn:" + text("xy*", 3), name("ab/", 4) + (random.nextBoolean() ? "*" : "")));
            }
            Policy policy = policy(rules);
            for (int q = 0; q < 50; q++) {
                String caller = "cn:" + text("xy", 3);
                String asked = name("ab/", 5);
                Set<String> expected = new HashSet<>();
                rules.forEach((name, rule) -> {
                    boolean called = rule.callers().stream().anyMatch(one -> Reference.matches(one, caller));
                    boolean granted = rule.allow().stream().anyMatch(one -> Reference.matches(one, asked));
                    if (called && granted) {
                        expected.add(name);
                    }
                });
                String decided = policy.ruleFor(new Caller(caller, "test"), SecretRef.parse(asked));
                assertThat(decided == null ? Set.of() : Set.of(decided)).isSubsetOf(expected);
                assertThat(decided == null).isEqualTo(expected.isEmpty());
            }
        }
    }

    @Test
    void one_secret_has_one_name() {
        for (int i = 0; i < RUNS; i++) {
            List<String> spellings = new ArrayList<>();
            String name = name("ab/.%\u00e9 \\", 8);
            spellings.add(name);
            spellings.add(name.replace("a", "%61"));
            spellings.add(name.replace("/", "//"));
            spellings.add("./" + name);
            spellings.add(name + "/");
            spellings.add(name.replace("/", "%2F"));
            spellings.add(name.replace("/", "/x/../"));
            spellings.add("env:" + name);
            Set<SecretRef> names = new HashSet<>();
            for (String spelling : spellings) {
                try {
                    names.add(catalog.canonical(SecretRef.parsePath(spelling)));
                } catch (InvalidReferenceException refused) {
                    // Not a second spelling, then.
                }
            }
            assertThat(names).as("%s", spellings).containsExactly(SecretRef.parsePath(name));
        }
    }

    @Test
    void callers_of_one_kind_never_get_what_another_kind_is_allowed() {
        List<String> kinds = List.of("system:serviceaccount:", "spiffe://", "dns:", "cn:");
        for (String kind : kinds) {
            Policy policy = policy(Map.of("r", rule(kind + "**", "**")));
            for (String other : kinds) {
                for (int i = 0; i < 100; i++) {
                    String caller = other + text("ab:/.*", 10) + kind;
                    assertThat(policy.ruleFor(new Caller(caller, "test"), SecretRef.parse("a")) != null)
                            .isEqualTo(other.equals(kind));
                }
            }
            assertThat(policy.ruleFor(new Caller("token-file", "test"), SecretRef.parse("a")))
                    .isNull();
        }
    }

    private Policy policy(Map<String, PolicyConfig.Rule> rules) {
        return new Policy(() -> rules, catalog, false);
    }

    private String name(String alphabet, int max) {
        return accepted(() -> text(alphabet, max));
    }

    private static String accepted(Supplier<String> texts) {
        while (true) {
            try {
                return new SecretName(texts.get()).value();
            } catch (InvalidReferenceException again) {
                // Random text is rarely a name.
            }
        }
    }

    private String text(String alphabet, int max) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(max) + 1; length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
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
