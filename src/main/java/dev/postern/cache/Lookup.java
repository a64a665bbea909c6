package dev.postern.cache;

import dev.postern.secret.Secret;
import java.time.Instant;

/**
 * A secret, and how it was come by.
 *
 * @param fetchedAt when the backend gave it
 * @param ageNanos how long ago that was
 * @param ttlNanos how long it may still be served
 */
public record Lookup(Secret secret, CacheStatus status, Instant fetchedAt, long ageNanos, long ttlNanos) {}
