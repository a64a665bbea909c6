package dev.postern.files;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Tells a workload that its file has changed. */
interface Notification {
    /** How much of its output is logged. */
    int MAX_LOGGED_BYTES = 4096;

    /**
     * Tells it once.
     *
     * @param output receives what is printed, which may hold values of secrets
     * @return what went wrong, or null
     */
    @Nullable
    String send(ByteArrayOutputStream output) throws InterruptedException;

    /** Whether it ever prints anything. */
    boolean mayPrint();
}
