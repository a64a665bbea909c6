package dev.postern.audit.sink;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;

/**
 * A file's predecessors: {@code file.1} is the one before it, {@code file.2} the one before that.
 *
 * <p>The file is moved aside first, to {@code file.0}: as long as that fails, no predecessor is touched. A predecessor
 * goes only when the one behind it takes its place.
 */
public final class RotatedFiles {
    private final Path file;
    private final int keep;
    private final Duration keepFor;

    /**
     * @param keep how many predecessors there are at the most
     * @param keepFor the age up to which none is deleted, however many there are
     */
    public RotatedFiles(Path file, int keep, Duration keepFor) {
        this.file = file;
        this.keep = keep;
        this.keepFor = keepFor;
    }

    /** Where the file is while its predecessors make room, and where it stays if the process ends there. */
    public Path aside() {
        return predecessor(0);
    }

    public Path newest() {
        return predecessor(1);
    }

    /**
     * Makes the file its own newest predecessor, and deletes those that are too many.
     *
     * @throws IOException if it cannot; the file is where it was, unless it could not be put back
     */
    public void rotate() throws IOException {
        finish();
        if (exists(aside())) {
            throw new FileAlreadyExistsException(aside().toString());
        }
        move(file, aside());
        try {
            finish();
        } catch (IOException e) {
            putBack(e);
            throw e;
        }
    }

    private void putBack(IOException cause) {
        try {
            if (!exists(file)) {
                move(aside(), file);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Makes what is aside the newest predecessor, if there is something. */
    public void finish() throws IOException {
        if (!Files.isRegularFile(aside(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int free = 1;
        while (exists(predecessor(free)) && (free < keep || isYoung(predecessor(free)))) {
            free++;
        }
        for (int n = free; n > 0; n--) {
            move(predecessor(n - 1), predecessor(n));
        }
        // Whatever is behind it is older.
        for (int n = Math.max(keep, free) + 1; Files.deleteIfExists(predecessor(n)); n++) {}
    }

    private boolean isYoung(Path path) throws IOException {
        return !keepFor.isZero()
                && Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isAfter(Instant.now().minus(keepFor));
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path predecessor(int n) {
        return file.resolveSibling(file.getFileName() + "." + n);
    }
}
