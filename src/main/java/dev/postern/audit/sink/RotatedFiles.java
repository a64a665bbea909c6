package dev.postern.audit.sink;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file's predecessors: {@code file.1} is the one before it, {@code file.2} the one before that.
 *
 * <p>The file is moved aside first, to {@code file.0}: as long as that fails, no predecessor is touched. A predecessor
 * goes only when the one behind it takes its place.
 */
public final class RotatedFiles {
    private final Path file;
    private final int keep;

    public RotatedFiles(Path file, int keep) {
        this.file = file;
        this.keep = keep;
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
        while (free < keep && exists(predecessor(free))) {
            free++;
        }
        for (int n = free; n > 0; n--) {
            move(predecessor(n - 1), predecessor(n));
        }
        for (int n = keep + 1; Files.deleteIfExists(predecessor(n)); n++) {}
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
