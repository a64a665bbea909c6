package dev.postern.audit.sink;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** Standard output, reserved for audit lines. Every process begins a new chain there. */
public final class StandardOutputSink implements AuditSink {
    @SuppressWarnings("resource") // It lasts as long as the process.
    private final FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();

    @Override
    public void write(byte[] lines, int length) throws IOException {
        Channels.write(out, lines, length);
    }
}
