package dev.postern.policy;

import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.Property;
import dev.postern.secret.SecretRef;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** An entry of a rule, to compare what it allows with what was read. */
public final class Allowance {
    private final String rule;
    private final String callers;
    private final String entry;
    private final Grant grant;
    private final Catalog catalog;

    private Allowance(String rule, String callers, String entry, Catalog catalog) {
        this.rule = rule;
        this.callers = callers;
        this.entry = entry;
        this.grant = new Grant(rule, entry, catalog);
        this.catalog = catalog;
    }

    /**
     * The entries of all rules, sorted.
     *
     * @throws InvalidReferenceException if an entry is invalid
     */
    public static List<Allowance> of(PolicyConfig config, Catalog catalog) {
        List<Allowance> entries = new ArrayList<>();
        new TreeMap<>(config.rules()).forEach((name, rule) -> {
            String callers = String.join(", ", new TreeSet<>(rule.callers()));
            new TreeSet<>(rule.allow())
                    .forEach(entry -> entries.add(new Allowance(name, callers, entry.strip(), catalog)));
        });
        return entries;
    }

    public String rule() {
        return rule;
    }

    /** The callers of the rule, as configured. */
    public String callers() {
        return callers;
    }

    /** What it allows, as configured. */
    public String entry() {
        return entry;
    }

    /** Whether it allows a secret, by its canonical name {@code [backend:]name[#property]} as in the audit log. */
    public boolean covers(String recorded) {
        try {
            int hash = recorded.indexOf('#');
            SecretRef secret = SecretRef.parsePath(hash < 0 ? recorded : recorded.substring(0, hash));
            SecretRef asked = hash < 0 ? secret : secret.with(Property.parse(recorded.substring(hash + 1)), null);
            return grant.covers(asked, catalog.addressedBackend(asked));
        } catch (InvalidReferenceException e) {
            return false;
        }
    }
}
