package dev.postern.audit.chain;

/**
 * A position in a chain.
 *
 * @param sequence the number of the last line
 * @param hash the hash of that line
 */
public record ChainPoint(long sequence, String hash) {}
