package dev.postern.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces all files of a directory at once, in the way of the kubelet. Each file is a link through {@code ..data},
 * which is a link to the directory that holds the current content.
 */
record DirectoryPlacing(Placing placing) {
    static final String DATA = "..data";
    private static final String NEXT = "..data_next";
    private static final String CONTENT = "..content-";

    /**
     * @return whether the content is another than before
     * @throws IOException if it cannot be written; the old content stays then
     */
    boolean replace(Path directory, Map<String, byte[]> contents) throws IOException {
        placing.checkDirectory(directory);
        for (String name : contents.keySet()) {
            Path link = directory.resolve(name);
            if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !isOurs(link)) {
                throw new FileSystemException(link.toString(), null, "is in the way");
            }
        }
        Path data = directory.resolve(DATA);
        Path current = current(data);
        removeAllBut(current, directory);
        boolean changed = current == null || !isSame(directory.resolve(current), contents);
        if (changed) {
            Path made = Files.createTempDirectory(directory, CONTENT);
            boolean done = false;
            try {
                fill(made, contents);
                Path next = directory.resolve(NEXT);
                Files.createSymbolicLink(next, made.getFileName());
                Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
                done = true;
            } finally {
                if (!done) {
                    removeAll(made);
                }
            }
        } else {
            fill(directory.resolve(current), contents);
        }
        link(directory, contents.keySet());
        removeAllBut(current(data), directory);
        Placing.force(directory);
        return changed;
    }

    private void fill(Path made, Map<String, byte[]> contents) throws IOException {
        for (Map.Entry<String, byte[]> content : contents.entrySet()) {
            placing.replace(made.resolve(content.getKey()), content.getValue());
        }
        placing.apply(made, placing.searchable());
    }

    /** The name of the directory that holds the current content, if there is one of ours. */
    private static @Nullable Path current(Path data) throws IOException {
        Path name = Files.isSymbolicLink(data) ? Files.readSymbolicLink(data) : null;
        boolean ours =
                name != null && name.getNameCount() == 1 && name.toString().startsWith(CONTENT);
        return ours ? name : null;
    }

    private static boolean isSame(Path made, Map<String, byte[]> contents) throws IOException {
        if (!Files.isDirectory(made)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(made)) {
            int number = 0;
            for (Path file : files) {
                byte[] content = contents.get(String.valueOf(file.getFileName()));
                if (content == null || !Arrays.equals(Files.readAllBytes(file), content)) {
                    return false;
                }
                number++;
            }
            return number == contents.size();
        }
    }

    private static boolean isOurs(Path link) throws IOException {
        return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).startsWith(DATA);
    }

    private static void link(Path directory, Set<String> names) throws IOException {
        for (String name : names) {
            Path link = directory.resolve(name);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path each : all) {
                if (isOurs(each) && !names.contains(String.valueOf(each.getFileName()))) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    /** Removes what earlier renderings left, even those that did not come to their end. */
    private static void removeAllBut(@Nullable Path current, Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(NEXT));
        try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, CONTENT + "*")) {
            for (Path each : old) {
                if (!each.getFileName().equals(current)) {
                    removeAll(each);
                }
            }
        }
    }

    /** Removes what {@link #replace} has made, and nothing else. */
    static void remove(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            link(directory, Set.of());
            Files.deleteIfExists(directory.resolve(DATA));
            removeAllBut(null, directory);
        }
    }

    private static void removeAll(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
