package dev.postern.api.listener;

import org.jspecify.annotations.Nullable;

/** Explains why Netty's native transport, which Unix domain sockets need, is not available. */
final class NativeTransport {
    /** The dynamic linker's message for a library on a file system mounted noexec. */
    private static final String NOT_EXECUTABLE = "failed to map segment";

    private NativeTransport() {}

    /** @param cause why loading it failed, or null if unknown */
    static String problem(@Nullable Throwable cause) {
        if (mentions(cause, NOT_EXECUTABLE)) {
            return "Netty's native library cannot be loaded: " + System.getProperty("java.io.tmpdir")
                    + " is mounted noexec; start with -Djava.io.tmpdir=DIR or -Dio.netty.native.workdir=DIR,"
                    + " which is not";
        }
        return "Netty's native library, which Unix domain sockets need, is not available on this platform"
                + (cause == null ? "" : ": " + cause.getMessage());
    }

    private static boolean mentions(@Nullable Throwable failure, String text) {
        if (failure == null) {
            return false;
        }
        if (String.valueOf(failure.getMessage()).contains(text) || mentions(failure.getCause(), text)) {
            return true;
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            if (mentions(suppressed, text)) {
                return true;
            }
        }
        return false;
    }
}
