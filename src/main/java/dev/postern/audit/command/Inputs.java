package dev.postern.audit.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The files that a command reads. */
final class Inputs {
    static final String STANDARD_INPUT = "-";

    private Inputs() {}

    /** @throws UsageException if one of them is no file that can be read */
    static void check(List<String> files) {
        for (String file : files) {
            if (file.equals(STANDARD_INPUT)) {
                if (files.size() > 1) {
                    throw new UsageException("standard input can only be read alone");
                }
            } else if (!Files.isReadable(path(file)) || Files.isDirectory(path(file))) {
                throw new UsageException(file + " cannot be read");
            }
        }
    }

    static Path path(String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new UsageException(file + " is no file name");
        }
    }

    @SuppressWarnings("resource") // The caller closes it.
    static LineReader open(String file) throws IOException {
        try {
            InputStream in = file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(path(file));
            return new LineReader(in);
        } catch (NoSuchFileException e) {
            throw new UsageException(file + " cannot be read");
        }
    }
}
