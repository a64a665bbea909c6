package dev.postern.audit;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** The process's standard output, which holds nothing but audit lines. */
public final class StandardOutputSink implements AuditSink {
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

    @Override
    public void write(byte[] lines, int length) throws IOException {
        out.write(lines, 0, length);
    }
}
