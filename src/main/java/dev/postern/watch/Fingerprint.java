package dev.postern.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what a change of a file shows without reading it. Links are followed, so that it changes as well when a link above
 * the file is swapped, as Kubernetes does with {@code ..data}.
 */
public record Fingerprint(
        @Nullable Path path,
        @Nullable Object fileKey,
        @Nullable FileTime modified,
        long size) {
    private static final Fingerprint ABSENT = new Fingerprint(null, null, null, -1);

    /** The fingerprint of a file or directory, of one that is absent too. */
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
