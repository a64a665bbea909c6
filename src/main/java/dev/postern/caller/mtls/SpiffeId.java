package dev.postern.caller.mtls;

import org.jspecify.annotations.Nullable;

/**
 * The name of a workload (<a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md">SPIFFE ID</a>).
 * An ID has one spelling: anything that would need to be normalized is invalid.
 *
 * @param trustDomain the trust domain of the workload
 * @param path the workload's name below it, empty or starting with a slash
 */
record SpiffeId(String trustDomain, String path) {
    private static final String SCHEME = "spiffe://";
    private static final int MAX_LENGTH = 2048;
    private static final int MAX_TRUST_DOMAIN_LENGTH = 255;

    /** The ID in {@code uri}, or null if it is not a valid one. */
    static @Nullable SpiffeId parse(String uri) {
        if (!uri.startsWith(SCHEME) || uri.length() > MAX_LENGTH) {
            return null;
        }
        int slash = uri.indexOf('/', SCHEME.length());
        int end = slash < 0 ? uri.length() : slash;
        String trustDomain = uri.substring(SCHEME.length(), end);
        String path = uri.substring(end);
        return isTrustDomain(trustDomain) && isPath(path) ? new SpiffeId(trustDomain, path) : null;
    }

    private static boolean isTrustDomain(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_TRUST_DOMAIN_LENGTH
                && name.chars().allMatch(SpiffeId::isLower);
    }

    private static boolean isPath(String path) {
        if (path.isEmpty()) {
            return true;
        }
        for (String segment : path.substring(1).split("/", -1)) {
            if (segment.isEmpty()
                    || segment.equals(".")
                    || segment.equals("..")
                    || !segment.chars().allMatch(c -> isLower(c) || (c >= 'A' && c <= 'Z'))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLower(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    }

    @Override
    public String toString() {
        return SCHEME + trustDomain + path;
    }
}
