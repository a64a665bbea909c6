package dev.postern.cache;

/**
 * The times of an entry, in nanoseconds from the moment its backend returned it.
 *
 * @param ttlNanos when it stops being fresh
 * @param refreshNanos when it is refreshed, if it is in use
 * @param keepNanos when it may no longer be served stale
 */
record Lifetime(long ttlNanos, long refreshNanos, long keepNanos) {}
