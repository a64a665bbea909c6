package dev.postern.audit;

import java.io.IOException;

/** Where the lines go. Called by one thread, which it may block. */
public interface AuditSink {
    /**
     * Writes whole lines, all of them or, if it throws, possibly some.
     *
     * @throws IOException if they could not be written
     */
    void write(byte[] lines, int length) throws IOException;
}
