package dev.postern.audit.chain;

/**
 * Which line another takes back.
 *
 * @param sequence its number
 * @param status the HTTP status that it tells, with which the access was not answered
 */
public record Correction(long sequence, int status) {}
