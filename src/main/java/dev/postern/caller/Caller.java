package dev.postern.caller;

/**
 * Who is calling.
 *
 * @param id the name by which policies and the audit log know the caller
 * @param method how it proved to be that caller: {@code token-file}, {@code pod-token}, {@code mtls} or
 *     {@code internal}
 */
public record Caller(String id, String method) {
    /** The method of callers inside this process, which prove nothing. */
    public static final String INTERNAL = "internal";
}
