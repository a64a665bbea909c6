package dev.postern.audit.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.LockSupport;

/** Writes a buffer to a channel completely, or reports how far it got. */
public final class Channels {
    private static final long FULL_PIPE_NANOS = 1_000_000;

    private Channels() {}

    public static void write(WritableByteChannel channel, byte[] lines, int length) throws IncompleteWriteException {
        ByteBuffer rest = ByteBuffer.wrap(lines, 0, length);
        try {
            while (rest.hasRemaining()) {
                if (channel.write(rest) == 0) {
                    // Another process that shares this pipe made it non-blocking.
                    LockSupport.parkNanos(FULL_PIPE_NANOS);
                }
            }
        } catch (IOException e) {
            throw new IncompleteWriteException(rest.position(), e);
        }
    }
}
