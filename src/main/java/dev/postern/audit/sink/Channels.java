package dev.postern.audit.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.LockSupport;

/** Writes to a channel until all is written, and tells how far it came if it does not come so far. */
public final class Channels {
    private static final long FULL_PIPE_NANOS = 1_000_000;

    private Channels() {}

    public static void write(WritableByteChannel channel, byte[] lines, int length) throws IncompleteWriteException {
        ByteBuffer rest = ByteBuffer.wrap(lines, 0, length);
        try {
            while (rest.hasRemaining()) {
                if (channel.write(rest) == 0) {
                    // Another process made the pipe that it shares with this one non-blocking.
                    LockSupport.parkNanos(FULL_PIPE_NANOS);
                }
            }
        } catch (IOException e) {
            throw new IncompleteWriteException(rest.position(), e);
        }
    }
}
