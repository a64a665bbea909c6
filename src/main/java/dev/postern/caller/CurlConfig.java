package dev.postern.caller;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A file next to the token, for {@code curl -K}. It sends the token and uses no proxy.
 *
 * <p>On a command line, every user of the machine could see the token. The file is a convenience, and omitted where it
 * cannot be written safely.
 */
final class CurlConfig {
    private static final Logger LOG = Logger.getLogger(CurlConfig.class);

    private final Path file;

    /** @param token the token's file */
    CurlConfig(Path token) {
        this.file = token.resolveSibling(token.getFileName() + ".curl");
    }

    /** Writes the file, readable by its owner only, or removes it if there is no token. */
    void update(byte @Nullable [] token) {
        try {
            if (token == null) {
                Files.deleteIfExists(file);
            } else if (isOwn(file.getParent())) {
                write("noproxy = \"*\"\nheader = \"Authorization: Bearer " + escape(token) + "\"\n");
            }
        } catch (IOException e) {
            LOG.infof("Cannot write %s: %s", file, e.getClass().getSimpleName());
        }
    }

    /** Whether Postern can write there and others cannot. */
    private static boolean isOwn(@Nullable Path directory) throws IOException {
        return directory != null
                && Files.isWritable(directory)
                && !Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE);
    }

    private void write(String text) throws IOException {
        Path made = Files.createTempFile(
                file.getParent(),
                ".token",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(made, text, StandardCharsets.US_ASCII);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private static String escape(byte[] token) {
        return new String(token, StandardCharsets.US_ASCII)
                .replace("\\", "\\\\")
                .replace("\"", "\\\"");
    }
}
