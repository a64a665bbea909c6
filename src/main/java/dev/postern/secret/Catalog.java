package dev.postern.secret;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Resolves names: aliases, names in the default backend, and names in other backends.
 *
 * <p>A name without a backend is an alias if one exists, and otherwise a name in the default backend. Names are
 * completed by the template of their backend. The exception is a name that an alias gives together with its backend,
 * which is complete.
 */
public final class Catalog {
    private final String defaultBackend;
    private final Map<String, NameTemplate> templates;
    private final Map<SecretName, Address> aliases;

    /**
     * @param defaultBackend the kind of backend whose names need no prefix
     * @param templates the template of each enabled backend, including the default one
     * @param aliases the target of each alias
     * @throws InvalidReferenceException if an alias or its target is invalid; the message names the alias
     */
    public Catalog(String defaultBackend, Map<String, NameTemplate> templates, Map<String, String> aliases) {
        this.defaultBackend = defaultBackend;
        this.templates = Map.copyOf(templates);
        this.aliases = new TreeMap<>(Comparator.comparing(SecretName::value));
        aliases.forEach((alias, target) -> {
            try {
                this.aliases.put(new SecretName(alias), target(target));
            } catch (InvalidReferenceException e) {
                throw new InvalidReferenceException("postern.secrets." + alias + ": " + e.getMessage());
            }
        });
    }

    private Address target(String text) {
        SecretRef target = SecretRef.parse(text);
        if (target.backend() == null) {
            return address(defaultBackend, target.name(), target.property(), target.version());
        }
        template(target.backend());
        return new Address(target.backend(), target.name(), target.property(), target.version());
    }

    /**
     * The only spelling of a name in policies and the audit log. It omits the prefix of the default backend, unless an
     * alias hides the bare name.
     *
     * @throws InvalidReferenceException if it names a backend that is not enabled
     */
    public SecretRef canonical(SecretRef asked) {
        if (asked.backend() == null) {
            return asked;
        }
        template(asked.backend());
        boolean redundant = asked.backend().equals(defaultBackend) && !aliases.containsKey(asked.name());
        return redundant ? new SecretRef(null, asked.name(), asked.property(), asked.version()) : asked;
    }

    /**
     * Where the secret of a canonical reference is stored.
     *
     * @throws InvalidReferenceException if it names a version although its alias pins one, or if the completed name is
     *     invalid
     */
    public Address locate(SecretRef asked) {
        if (asked.backend() != null) {
            return address(asked.backend(), asked.name(), asked.property(), asked.version());
        }
        Address target = aliases.get(asked.name());
        if (target == null) {
            return address(defaultBackend, asked.name(), asked.property(), asked.version());
        }
        if (asked.version() != null && target.version() != null) {
            throw new InvalidReferenceException("the name already stands for one version of a secret");
        }
        return new Address(
                target.backend(),
                target.name(),
                join(target.property(), asked.property()),
                target.version() == null ? asked.version() : target.version());
    }

    /** The backend that a canonical reference addresses directly, or null for an alias. */
    public @Nullable String addressedBackend(SecretRef asked) {
        if (asked.backend() != null) {
            return asked.backend();
        }
        return aliases.containsKey(asked.name()) ? null : defaultBackend;
    }

    /** The aliases, sorted. */
    public Set<SecretName> aliases() {
        return aliases.keySet();
    }

    private static @Nullable Property join(@Nullable Property outer, @Nullable Property inner) {
        if (outer == null || inner == null) {
            return outer == null ? inner : outer;
        }
        return inner.within(outer);
    }

    private Address address(String backend, SecretName name, @Nullable Property property, @Nullable Version version) {
        return new Address(backend, template(backend).apply(name), property, version);
    }

    private NameTemplate template(String backend) {
        NameTemplate template = templates.get(backend);
        if (template == null) {
            throw new InvalidReferenceException("its backend is not enabled");
        }
        return template;
    }
}
