package dev.postern.audit.sink;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jboss.logging.Logger;

/** Keeps two processes from writing the same file. The lock ends with the process; the lock file stays. */
public final class FileLockGuard implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FileLockGuard.class);

    private final FileChannel channel;

    /** @throws IllegalStateException if another process holds the lock, or the file cannot be locked */
    public FileLockGuard(Path file, FileAttribute<?> permissions) {
        try {
            channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS),
                    permissions);
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be written: " + e, e);
        }
        if (!acquire()) {
            close();
            throw new IllegalStateException("another process has locked " + file + " and writes to it");
        }
    }

    private boolean acquire() {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            LOG.debug("no lock", e);
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a lock could not be released", e);
        }
    }
}
