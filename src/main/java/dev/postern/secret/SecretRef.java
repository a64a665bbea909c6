package dev.postern.secret;

import org.jspecify.annotations.Nullable;

/**
 * A reference to a secret, as written: {@code [backend:]name[#property][@version]}.
 *
 * <p>A {@code :}, {@code #} or {@code @} in the name is percent-encoded. A name that begins with {@code arn:} keeps its
 * colons.
 *
 * @param backend the kind of backend, or null for an alias or the default backend
 * @param property the requested field, or null for the whole secret
 * @param version the requested version, or null for the current one
 */
public record SecretRef(
        @Nullable String backend,
        SecretName name,
        @Nullable Property property,
        @Nullable Version version) {

    /**
     * Parses a reference from the configuration.
     *
     * @throws InvalidReferenceException if any part of it is invalid
     */
    public static SecretRef parse(String text) {
        int hash = text.indexOf('#');
        int at = text.indexOf('@', Math.max(hash, 0));
        String path = text.substring(0, hash >= 0 ? hash : at >= 0 ? at : text.length());
        Property property = null;
        if (hash >= 0) {
            property = Property.parse(PercentEncoding.decode(text.substring(hash + 1, at >= 0 ? at : text.length())));
        }
        Version version = at >= 0 ? new Version(PercentEncoding.decode(text.substring(at + 1))) : null;
        SecretRef bare = parsePath(path);
        return new SecretRef(bare.backend, bare.name, property, version);
    }

    /**
     * Parses {@code [backend:]name} from the path of a URL, in which {@code @} has no special meaning.
     *
     * @throws InvalidReferenceException if the decoded name is not canonical
     */
    public static SecretRef parsePath(String path) {
        if (path.contains("%2F") || path.contains("%2f")) {
            throw new InvalidReferenceException("the name has an encoded slash");
        }
        int colon = backendPrefix(path);
        String backend = colon < 0 ? null : path.substring(0, colon);
        SecretName name = new SecretName(PercentEncoding.decode(path.substring(colon + 1)));
        return new SecretRef(backend, name, null, null);
    }

    /** The position of the colon after the kind of backend in {@code path}, or -1 without one. */
    public static int backendPrefix(String path) {
        int colon = path.indexOf(':');
        if (colon <= 0 || path.startsWith("arn:")) {
            return -1;
        }
        for (int i = 0; i < colon; i++) {
            char c = path.charAt(i);
            if (!(c >= 'a' && c <= 'z') && !(i > 0 && c >= '0' && c <= '9')) {
                return -1;
            }
        }
        return colon;
    }

    /** This reference with another property and version. */
    public SecretRef with(@Nullable Property ownProperty, @Nullable Version ownVersion) {
        return new SecretRef(backend, name, ownProperty, ownVersion);
    }

    /** {@code [backend:]name}. */
    public String qualifiedName() {
        return backend == null ? name.value() : backend + ":" + name;
    }

    /**
     * {@code [backend:]name[#property]}, with special characters of the name encoded. It names the secret and never
     * contains its value.
     */
    @Override
    public String toString() {
        String plain = name.value().replace("#", "%23");
        String encoded = plain.startsWith("arn:") ? plain : plain.replace(":", "%3A");
        return (backend == null ? "" : backend + ":") + encoded + (property == null ? "" : "#" + property);
    }
}
