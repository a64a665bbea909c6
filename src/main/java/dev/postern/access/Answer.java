package dev.postern.access;

/**
 * What a door answers.
 *
 * @param status the HTTP status, for the record
 * @param send sends it; run once the access is recorded, and not at all if it cannot be
 */
public record Answer(int status, Runnable send) {}
