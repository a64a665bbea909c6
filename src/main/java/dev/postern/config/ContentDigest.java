package dev.postern.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/** Digests of public content: SHA-256 in lower-case hexadecimal. Not for anything that could be guessed from them. */
public final class ContentDigest {
    private ContentDigest() {}

    public static String of(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest of lines in any order: sorted, each with its line feed. */
    public static String of(Collection<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.stream().sorted().forEach(line -> text.append(line).append('\n'));
        return of(text.toString().getBytes(UTF_8));
    }
}
