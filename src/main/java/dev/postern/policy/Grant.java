package dev.postern.policy;

import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.Property;
import dev.postern.secret.SecretRef;
import org.jspecify.annotations.Nullable;

/** One entry of a rule's {@code allow}. */
final class Grant {
    private final String rule;
    private final @Nullable String backend;
    private final String name;
    private final @Nullable Glob pattern;
    private final @Nullable Property property;

    /**
     * @throws InvalidReferenceException if the text is no {@code [backend:]name[#property]} or names a backend that is
     *     not enabled
     */
    Grant(String rule, String text, Catalog catalog) {
        SecretRef granted = SecretRef.parse(text);
        if (granted.version() != null) {
            throw new InvalidReferenceException("a rule grants all versions, so it must not name one with @");
        }
        if (granted.property() != null && granted.property().toString().contains("*")) {
            throw new InvalidReferenceException("a property is named exactly, so it must not have a '*'");
        }
        catalog.canonical(granted);
        this.rule = rule;
        this.backend = granted.backend();
        this.name = granted.name().value();
        this.pattern = Glob.isLiteral(name) ? null : new Glob(name);
        this.property = granted.property();
    }

    String rule() {
        return rule;
    }

    /** The granted name, or null for a pattern. */
    @Nullable
    String literal() {
        return pattern == null ? name : null;
    }

    /**
     * @param asked a canonical reference
     * @param addressed the backend that it addresses itself, or null if it asks for an alias
     */
    boolean covers(SecretRef asked, @Nullable String addressed) {
        boolean place = backend == null ? asked.backend() == null : backend.equals(addressed);
        return place
                && coversProperty(asked.property())
                && coversName(asked.name().value());
    }

    private boolean coversProperty(@Nullable Property asked) {
        return property == null || (asked != null && property.covers(asked));
    }

    private boolean coversName(String asked) {
        return pattern == null ? name.equals(asked) : pattern.matches(asked);
    }
}
