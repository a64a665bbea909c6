package dev.postern.api.listener;

import org.jspecify.annotations.Nullable;

/** Says why Netty's native transport, which Unix domain sockets need, is not there. */
final class NativeTransport {
    /** What the dynamic linker says of a library on a file system that is mounted noexec. */
    private static final String NOT_EXECUTABLE = "failed to map segment";

    private NativeTransport() {}

    /** @param cause what loading it has failed with, if it has been tried */
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
