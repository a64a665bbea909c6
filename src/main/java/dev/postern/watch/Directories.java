package dev.postern.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/** The directories that decide which file a path leads to: those of the file and of each link on the way. */
final class Directories {
    /** As the kernel's own limit. */
    private static final int MAX_LINKS = 40;

    private final Set<Path> found = new LinkedHashSet<>();
    private final Deque<Path> rest = new ArrayDeque<>();
    private Path at;
    private int links;

    private Directories(Path file) {
        this.at = file.getRoot();
        prepend(file);
    }

    /** The existing directories of {@code file}, even if it does not exist. */
    static Set<Path> of(Path file) {
        Directories directories = new Directories(file.toAbsolutePath());
        directories.walk();
        return directories.found;
    }

    private void walk() {
        while (!rest.isEmpty()) {
            Path next = at.resolve(rest.pop()).normalize();
            if (Files.isSymbolicLink(next)) {
                found.add(at);
                if (++links > MAX_LINKS) {
                    return;
                }
                follow(next);
            } else if (rest.isEmpty() || !Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
                found.add(at);
                return;
            } else {
                at = next;
            }
        }
    }

    private void follow(Path link) {
        try {
            Path target = Files.readSymbolicLink(link);
            if (target.isAbsolute()) {
                at = target.getRoot();
            }
            prepend(target);
        } catch (IOException e) {
            rest.clear();
        }
    }

    private void prepend(Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.push(path.getName(i));
        }
    }
}
