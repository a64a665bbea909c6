package dev.postern.secret;

import org.jspecify.annotations.Nullable;

/**
 * What is asked for, as it is written: {@code [backend:]name[#property][@version]}.
 *
 * <p>A {@code :}, {@code #} or {@code @} that belongs to the name is percent-encoded. A name that begins with
 * {@code arn:} needs no encoding of its colons.
 *
 * @param backend the kind of backend, or null for an alias or the default backend
 * @param property the field asked for, or null for the whole secret
 * @param version the version asked for, or null for the current one
 */
public record SecretRef(
        @Nullable String backend,
        SecretName name,
        @Nullable Property property,
        @Nullable Version version) {

    /**
     * Reads a reference as it stands in the configuration.
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
     * Reads {@code [backend:]name} as it stands in a URL's path, where {@code @} is a character like any other.
     *
     * @throws InvalidReferenceException if the name is not canonical once decoded
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

    /** Where the colon after a backend's kind is in {@code path}, or -1 if the path names no backend. */
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

    /** This reference with a property and a version of the caller's own. */
    public SecretRef with(@Nullable Property ownProperty, @Nullable Version ownVersion) {
        return new SecretRef(backend, name, ownProperty, ownVersion);
    }

    /** {@code [backend:]name}. */
    public String qualifiedName() {
        return backend == null ? name.value() : backend + ":" + name;
    }

    /**
     * {@code [backend:]name[#property]}, in which what belongs to the name is encoded: it says what is asked for, never
     * what is in it.
     */
    @Override
    public String toString() {
        String plain = name.value().replace("#", "%23");
        String encoded = plain.startsWith("arn:") ? plain : plain.replace(":", "%3A");
        return (backend == null ? "" : backend + ":") + encoded + (property == null ? "" : "#" + property);
    }
}
