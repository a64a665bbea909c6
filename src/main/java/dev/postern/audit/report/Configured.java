package dev.postern.audit.report;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What callers could read, to compare with what they read.
 *
 * @param names the configured aliases
 * @param grants the entries of the rules, or null if the rules are not known
 */
public record Configured(Set<String> names, @Nullable List<Grant> grants) {
    /**
     * An entry of a rule.
     *
     * @param callers the callers of the rule
     * @param entry what the entry allows, as configured
     * @param covers whether it allows a secret, by the name in the record
     */
    public record Grant(String rule, String callers, String entry, Predicate<String> covers) {}

    Configured withNames(@Nullable Set<String> others) {
        return others == null ? this : new Configured(others, grants);
    }
}
