package dev.postern.cache;

/** How the cache was involved in an answer (<a href="https://www.rfc-editor.org/rfc/rfc9211">RFC 9211</a>). */
public enum CacheStatus {
    /** Answered from the cache. */
    HIT("hit"),
    /** Answered from the cache after its TTL, because the backend fails. */
    STALE("stale"),
    /** Read from the backend, because the cache did not have it. */
    MISS("miss"),
    /** Read from the backend by a call that was already in progress. */
    COLLAPSED("collapsed"),
    /** Read from the backend, because the caller asked for it. */
    REFRESH("refresh"),
    /** The cache was not asked. */
    NONE("none");

    private final String label;

    CacheStatus(String label) {
        this.label = label;
    }

    /** The name in metrics and in the audit log. */
    public String label() {
        return label;
    }
}
