package dev.postern.audit.chain;

/**
 * Identifies the line that another takes back.
 *
 * @param sequence the number of the line
 * @param status the HTTP status that it names, although the access was not answered with it
 */
public record Correction(long sequence, int status) {}
