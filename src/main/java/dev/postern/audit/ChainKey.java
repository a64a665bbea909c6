package dev.postern.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The key of a chain, from a file: a word of printable ASCII, whose bytes are the key. */
public final class ChainKey {
    private static final int MIN_BYTES = 32;
    private static final int MAX_BYTES = 4096;
    private static final Set<PosixFilePermission> OPEN_TO_OTHERS = PosixFilePermissions.fromString("------rwx");

    private ChainKey() {}

    /**
     * Reads a key.
     *
     * @throws IllegalStateException if there is none in the file that could keep a secret; the message says why
     */
    public static ChainHash read(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OPEN_TO_OTHERS::contains)) {
                throw new IllegalStateException(
                        file + " is open to other users of this machine; try: chmod 600 " + file);
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalStateException(file + " is larger than " + MAX_BYTES + " bytes");
            }
            String key = Files.readString(file, US_ASCII).strip();
            if (key.length() < MIN_BYTES || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalStateException(file + " holds no word of at least " + MIN_BYTES
                        + " characters of printable ASCII; try: openssl rand -hex 32");
            }
            return ChainHash.keyed(key.getBytes(US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException(
                    file + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }
}
