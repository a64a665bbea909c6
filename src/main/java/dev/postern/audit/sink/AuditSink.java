package dev.postern.audit.sink;

import dev.postern.audit.chain.ChainPoint;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the lines go. Called by one thread, which it may block. */
public interface AuditSink {
    /** Where the chain stands that is to go on here, or null to begin one. Called once, before all else. */
    default @Nullable ChainPoint resume() {
        return null;
    }

    /**
     * Makes ready for the next lines.
     *
     * @return whether they begin a file
     * @throws IOException if nothing can be written now
     */
    default boolean prepare() throws IOException {
        return false;
    }

    /**
     * Writes whole lines, all of them or, if it throws, possibly some.
     *
     * @throws IncompleteWriteException if it is known how much of them was written
     * @throws IOException if they could not be written
     */
    void write(byte[] lines, int length) throws IOException;

    /** Called once, after all else. */
    default void close() {}
}
