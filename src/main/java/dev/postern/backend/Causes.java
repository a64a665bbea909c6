package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/** Searches the causes of an exception, because clients wrap what really happened. */
public final class Causes {
    private static final int MAX_DEPTH = 20;

    private Causes() {}

    /** The first of {@code failure} and its causes that is a {@code type}, or null. */
    public static <T> @Nullable T find(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** Whether {@code failure} or one of its causes is a {@code type}. */
    public static boolean has(Throwable failure, Class<?> type) {
        return find(failure, type) != null;
    }
}
