package dev.postern.cache;

/**
 * Until when an entry is good for what, in nanoseconds from the moment its backend gave it.
 *
 * @param ttlNanos until then it is served as it is
 * @param refreshNanos from then on it is to be refreshed if it is in use
 * @param keepNanos until then it may be served while its backend fails
 */
record Lifetime(long ttlNanos, long refreshNanos, long keepNanos) {}
