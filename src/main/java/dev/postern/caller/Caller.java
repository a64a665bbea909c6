package dev.postern.caller;

/**
 * Who is calling.
 *
 * @param id the name by which policies and the audit log know the caller
 * @param method how it proved to be that caller: {@code token-file}, {@code pod-token} or {@code mtls}
 */
public record Caller(String id, String method) {}
