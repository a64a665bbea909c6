package dev.postern.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.postern.caller.Caller;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides which caller may read which secret. What no rule allows is denied, and no rule denies: so there is no second
 * name by which a rule could be dodged.
 */
public final class Policy {
    /** The rule that is named where there are no rules and none are needed. */
    public static final String OPEN = "default";

    private static final Logger LOG = Logger.getLogger(Policy.class);
    private static final int REMEMBERED_CALLERS = 1000;

    private final Catalog catalog;
    private final boolean open;
    private final Map<String, List<Grant>> byCaller = new HashMap<>();
    private final Map<Glob, List<Grant>> byPattern = new LinkedHashMap<>();
    private final Cache<String, Grants> remembered = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_CALLERS)
            .executor(Runnable::run)
            .build();

    /**
     * @param openWithoutRules whether everything is allowed where there is no rule at all
     * @throws InvalidReferenceException if a rule is invalid; the message names it
     */
    public Policy(PolicyConfig config, Catalog catalog, boolean openWithoutRules) {
        this.catalog = catalog;
        this.open = openWithoutRules && config.rules().isEmpty();
        if (open) {
            LOG.info("There are no policy rules: every caller may read what the enabled backends offer");
        }
        config.rules().forEach((name, rule) -> {
            List<Grant> grants = new ArrayList<>();
            rule.allow().forEach(text -> grants.add(grant(name, text)));
            rule.callers().forEach(text -> addCaller(name, text.strip(), grants));
        });
    }

    private Grant grant(String rule, String text) {
        try {
            return new Grant(rule, text.strip(), catalog);
        } catch (InvalidReferenceException e) {
            throw new InvalidReferenceException("postern.policy." + rule + ".allow: " + text + ": " + e.getMessage());
        }
    }

    private void addCaller(String rule, String caller, List<Grant> grants) {
        if (!CallerForm.isKnown(caller)) {
            throw new InvalidReferenceException(
                    "postern.policy." + rule + ".callers: " + caller + ": a caller is " + CallerForm.FORMS);
        }
        if (Glob.isLiteral(caller)) {
            byCaller.computeIfAbsent(caller, key -> new ArrayList<>()).addAll(grants);
        } else {
            byPattern.put(new Glob(caller), grants);
        }
    }

    /**
     * The name of the rule that lets {@code caller} read {@code asked}, or null if none does.
     *
     * @param asked a canonical reference
     */
    public @Nullable String ruleFor(Caller caller, SecretRef asked) {
        if (open) {
            return OPEN;
        }
        return remembered.get(caller.id(), this::grantsOf).ruleFor(asked, catalog.addressedBackend(asked));
    }

    private Grants grantsOf(String caller) {
        List<Grant> grants = new ArrayList<>(byCaller.getOrDefault(caller, List.of()));
        byPattern.forEach((pattern, more) -> {
            if (pattern.matches(caller)) {
                grants.addAll(more);
            }
        });
        return new Grants(grants);
    }
}
