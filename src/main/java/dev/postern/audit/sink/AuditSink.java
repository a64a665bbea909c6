package dev.postern.audit.sink;

import dev.postern.audit.chain.ChainPoint;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where audit lines go. Called by one thread, which it may block. */
public interface AuditSink {
    /** The end of the chain to continue, or null to begin one. Called once, before any other method. */
    default @Nullable ChainPoint resume() {
        return null;
    }

    /**
     * Prepares for the next lines.
     *
     * @return what it did since the last lines
     * @throws IOException if nothing can be written now
     */
    default Preparation prepare() throws IOException {
        return Preparation.NONE;
    }

    /**
     * Writes whole lines. If it throws, some of them may be written.
     *
     * @throws IncompleteWriteException if it is known how much was written
     * @throws IOException if the lines could not be written
     */
    void write(byte[] lines, int length) throws IOException;

    /** Called once, after all other methods. */
    default void close() {}
}
