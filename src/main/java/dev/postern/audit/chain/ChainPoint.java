package dev.postern.audit.chain;

/**
 * Where a chain stands.
 *
 * @param sequence the number of its last line
 * @param hash that line's hash
 */
public record ChainPoint(long sequence, String hash) {}
