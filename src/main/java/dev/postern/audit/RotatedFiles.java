package dev.postern.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file's predecessors: {@code file.1} is the one before it, {@code file.2} the one before that. */
final class RotatedFiles {
    private final Path file;
    private final int keep;

    RotatedFiles(Path file, int keep) {
        this.file = file;
        this.keep = keep;
    }

    Path newest() {
        return predecessor(1);
    }

    /** Makes the file its own newest predecessor, and deletes those that are too many. */
    void rotate() throws IOException {
        for (int n = keep; Files.deleteIfExists(predecessor(n)); n++) {}
        for (int n = keep - 1; n > 0; n--) {
            if (Files.exists(predecessor(n))) {
                Files.move(predecessor(n), predecessor(n + 1), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Files.move(file, newest(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path predecessor(int n) {
        return file.resolveSibling(file.getFileName() + "." + n);
    }
}
