package dev.postern.access;

/**
 * The answer of a door.
 *
 * @param status the HTTP status, for the audit log
 * @param send sends it; run once the access is recorded, and not at all if it cannot be
 */
public record Answer(int status, Runnable send) {}
