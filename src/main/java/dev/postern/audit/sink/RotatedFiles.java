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
 * The rotated files: {@code file.1} is the newest, {@code file.2} the one before.
 *
 * <p>Rotation first moves the file to {@code file.0}. As long as that fails, no rotated file is touched.
 */
public final class RotatedFiles {
    private final Path file;
    private final int keep;
    private final Duration keepFor;

    /**
     * @param keep how many rotated files are kept
     * @param keepFor rotated files younger than this are kept even beyond {@code keep}
     */
    public RotatedFiles(Path file, int keep, Duration keepFor) {
        this.file = file;
        this.keep = keep;
        this.keepFor = keepFor;
    }

    /** Where the file waits during a rotation, and where it stays if the process ends meanwhile. */
    public Path aside() {
        return predecessor(0);
    }

    public Path newest() {
        return predecessor(1);
    }

    /**
     * Makes the file the newest rotated one, and deletes those beyond the limit.
     *
     * @throws IOException if that fails; the file is then put back in its place if possible
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

    /** Completes an interrupted rotation: turns the file that waits aside, if any, into the newest rotated one. */
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
        // Everything further back is older.
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
