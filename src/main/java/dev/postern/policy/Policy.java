package dev.postern.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.postern.caller.Caller;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which caller may read which secret. Rules only allow, and everything else is denied, so no second name can
 * dodge a rule.
 *
 * <p>The rules never change. A decision takes two look-ups and, of the caller's own rules, those that have a pattern.
 * The callers' patterns are matched once for each caller, and the outcome is remembered for a bounded number of them.
 */
public final class Policy {
    /** The rule's name if there are no rules and everything is allowed. */
    public static final String OPEN = "default";

    private static final int REMEMBERED_CALLERS = 1000;

    private final Catalog catalog;
    private final Map<String, Set<SecretRef>> internal;
    private final boolean open;
    private final String digest;
    private final int size;
    private final Map<String, List<Rule>> byCaller = new HashMap<>();
    /** By their literal beginnings, so that a caller is matched against few of them. */
    private final Map<String, List<Pattern>> byPrefix = new HashMap<>();

    private final Set<Integer> prefixLengths = new TreeSet<>();
    private final Cache<String, Grants> remembered = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_CALLERS)
            .executor(Runnable::run)
            .build();
    /** Callers to whom the same rules apply share what these grant, however many callers there are. */
    private final Cache<List<Rule>, Grants> shared =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

    /**
     * @param openWithoutRules whether everything is allowed where there is no rule at all
     * @throws InvalidReferenceException if a rule is invalid; the message names it
     */
    public Policy(PolicyConfig config, Catalog catalog, boolean openWithoutRules) {
        this(config, catalog, openWithoutRules, Map.of());
    }

    /** @param internal what callers inside this process may read by their own settings, by their ids */
    public Policy(
            PolicyConfig config, Catalog catalog, boolean openWithoutRules, Map<String, Set<SecretRef>> internal) {
        this.internal = internal;
        this.catalog = catalog;
        this.open = openWithoutRules && config.rules().isEmpty();
        this.digest = PolicyDigest.of(config);
        this.size = config.rules().size();
        new TreeMap<>(config.rules()).forEach((name, rule) -> {
            List<Grant> grants = new ArrayList<>();
            rule.allow().forEach(text -> grants.add(grant(name, text, catalog)));
            Rule compiled = new Rule(name, grants);
            rule.callers().forEach(text -> addCaller(caller(name, text), compiled));
        });
    }

    /** The faults in the rules, each in a line that names the setting. */
    public static List<String> faults(PolicyConfig config, Catalog catalog) {
        List<String> faults = new ArrayList<>();
        new TreeMap<>(config.rules()).forEach((name, rule) -> {
            rule.callers().forEach(text -> gather(faults, () -> caller(name, text)));
            rule.allow().forEach(text -> gather(faults, () -> grant(name, text, catalog)));
        });
        return faults;
    }

    private static void gather(List<String> faults, Runnable check) {
        try {
            check.run();
        } catch (InvalidReferenceException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
    }

    private static Grant grant(String rule, String text, Catalog catalog) {
        try {
            return new Grant(rule, text.strip(), catalog);
        } catch (InvalidReferenceException e) {
            throw new InvalidReferenceException("postern.policy." + rule + ".allow: " + text + ": " + e.getMessage());
        }
    }

    private static String caller(String rule, String text) {
        String caller = text.strip();
        if (!CallerForm.isKnown(caller)) {
            throw new InvalidReferenceException(
                    "postern.policy." + rule + ".callers: " + caller + ": must be " + CallerForm.FORMS);
        }
        return caller;
    }

    private void addCaller(String caller, Rule rule) {
        if (Glob.isLiteral(caller)) {
            byCaller.computeIfAbsent(caller, key -> new ArrayList<>()).add(rule);
        } else {
            Glob callers = new Glob(caller);
            byPrefix.computeIfAbsent(callers.prefix(), key -> new ArrayList<>()).add(new Pattern(callers, rule));
            prefixLengths.add(callers.prefix().length());
        }
    }

    /** The {@linkplain PolicyDigest digest} of the rules. */
    public String digest() {
        return digest;
    }

    /** How many rules there are. */
    public int size() {
        return size;
    }

    /** Whether everything is allowed, because there is no rule. */
    public boolean isOpen() {
        return open;
    }

    /**
     * The name of the rule that lets {@code caller} read {@code asked}, or null if none does.
     *
     * @param asked a canonical reference
     */
    public @Nullable String ruleFor(Caller caller, SecretRef asked) {
        if (caller.method().equals(Caller.INTERNAL)) {
            return internal.getOrDefault(caller.id(), Set.of()).contains(asked) ? caller.id() : null;
        }
        if (open) {
            return OPEN;
        }
        return remembered.get(caller.id(), this::grantsOf).ruleFor(asked, catalog.addressedBackend(asked));
    }

    private Grants grantsOf(String caller) {
        Set<Rule> rules = new LinkedHashSet<>(byCaller.getOrDefault(caller, List.of()));
        for (int length : prefixLengths) {
            String prefix = caller.substring(0, Math.min(length, caller.length()));
            for (Pattern pattern : byPrefix.getOrDefault(prefix, List.of())) {
                if (pattern.callers.matches(caller)) {
                    rules.add(pattern.rule);
                }
            }
        }
        return shared.get(List.copyOf(rules), Policy::merge);
    }

    private static Grants merge(List<Rule> rules) {
        return new Grants(rules.stream().flatMap(rule -> rule.grants.stream()).toList());
    }

    /** A rule without its callers. Every rule is itself and no other. */
    private static final class Rule {
        private final String name;
        private final List<Grant> grants;

        Rule(String name, List<Grant> grants) {
            this.name = name;
            this.grants = List.copyOf(grants);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record Pattern(Glob callers, Rule rule) {}
}
