package dev.postern.audit.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postern.config.FileSetting;

/** Reads the key of a chain: a file with one word of printable ASCII, whose bytes are the key. */
public final class ChainKey {
    private static final int MIN_BYTES = 32;
    private static final int MAX_BYTES = 4096;

    private ChainKey() {}

    /**
     * Reads a key, such as {@code openssl rand -hex 32} creates.
     *
     * @throws IllegalStateException if the file is readable by others or holds no usable key; the message says why
     */
    public static ChainHash read(FileSetting file) {
        try {
            file.checkPrivate();
            return ChainHash.keyed(file.readWord(MIN_BYTES, MAX_BYTES).getBytes(US_ASCII));
        } catch (FileSetting.UnusableFileException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
