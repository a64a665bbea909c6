package dev.postern.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a file has changed, without reading it. Links are followed: swapping a link above the file changes its
 * fingerprint as well, as when Kubernetes swaps {@code ..data}.
 */
public record Fingerprint(
        @Nullable Path path,
        @Nullable Object fileKey,
        @Nullable FileTime modified,
        long size) {
    private static final Fingerprint ABSENT = new Fingerprint(null, null, null, -1);

    /** The fingerprint of a file or directory, even if it does not exist. */
    public static Fingerprint of(Path file) {
        try {
            Path real = file.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return new Fingerprint(real, attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            return ABSENT;
        }
    }
}
