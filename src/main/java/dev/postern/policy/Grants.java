package dev.postern.policy;

import dev.postern.secret.SecretRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that one caller may read. */
final class Grants {
    private final Map<String, List<Grant>> literals = new HashMap<>();
    private final List<Grant> patterns = new ArrayList<>();

    Grants(List<Grant> grants) {
        for (Grant grant : grants) {
            String literal = grant.literal();
            if (literal == null) {
                patterns.add(grant);
            } else {
                literals.computeIfAbsent(literal, name -> new ArrayList<>()).add(grant);
            }
        }
    }

    /** The first rule that lets the caller read {@code asked}, or null if none does. */
    @Nullable
    String ruleFor(SecretRef asked, @Nullable String addressed) {
        String rule = first(literals.getOrDefault(asked.name().value(), List.of()), asked, addressed);
        return rule != null ? rule : first(patterns, asked, addressed);
    }

    private static @Nullable String first(List<Grant> grants, SecretRef asked, @Nullable String addressed) {
        for (Grant grant : grants) {
            if (grant.covers(asked, addressed)) {
                return grant.rule();
            }
        }
        return null;
    }
}
