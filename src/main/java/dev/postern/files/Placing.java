package dev.postern.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts content in place of a file. A reader sees the old or the new content, whole, even if this process or the machine
 * ends in between.
 *
 * @param mode the permissions, set before there is any content
 * @param group the group, set before there is any content, or null for that of this process
 */
record Placing(Set<PosixFilePermission> mode, @Nullable String group) {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final String TEMPORARY = ".postern-";
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

    /**
     * @return whether the content is another than before
     * @throws IOException if it cannot be written; the old content stays then
     */
    boolean replace(Path path, byte[] content) throws IOException {
        Path directory = directory(path);
        if (Files.isSymbolicLink(path)) {
            throw new FileSystemException(path.toString(), null, "is a symbolic link");
        }
        removeLeftovers(path);
        if (isSame(path, content)) {
            apply(path, mode);
            return false;
        }
        Path made = Files.createTempFile(
                directory, TEMPORARY + path.getFileName() + "-", "", PosixFilePermissions.asFileAttribute(OWNER));
        try (FileChannel out = FileChannel.open(made, StandardOpenOption.WRITE)) {
            apply(made, mode);
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
            move(made, path);
        } finally {
            Files.deleteIfExists(made);
        }
        force(directory);
        return true;
    }

    /** The type of the file system that {@code path} is on or will be on, or null if it is in memory or unknown. */
    static @Nullable String disk(Path path) {
        Path place = path.toAbsolutePath();
        while (place != null && !Files.exists(place)) {
            place = place.getParent();
        }
        try {
            String type = place == null ? null : Files.getFileStore(place).type();
            return type == null || IN_MEMORY.contains(type) ? null : type;
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean isSame(Path path, byte[] content) throws IOException {
        try {
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(path) == content.length
                    && Arrays.equals(Files.readAllBytes(path), content);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Sets the group, and then these permissions. */
    void apply(Path path, Set<PosixFilePermission> permissions) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (group != null) {
            GroupPrincipal named =
                    path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
            view.setGroup(named);
        }
        view.setPermissions(permissions);
    }

    /** What an earlier process left when it was killed. */
    private void removeLeftovers(Path path) throws IOException {
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(directory(path), TEMPORARY + path.getFileName() + "-*")) {
            for (Path one : left) {
                Files.deleteIfExists(one);
            }
        }
    }

    private Path directory(Path path) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null) {
            throw new FileSystemException(path.toString(), null, "is a directory");
        }
        checkDirectory(directory);
        return directory;
    }

    /**
     * Creates a directory if it does not exist, which readers of the file may search. Makes sure that not everybody can
     * put a file into it.
     */
    void checkDirectory(Path directory) throws IOException {
        create(directory);
        if (Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new FileSystemException(
                    directory.toString(),
                    null,
                    "may be written by every user; name a directory below it, which Postern creates");
        }
    }

    private void create(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.getParent();
            if (parent != null) {
                create(parent);
            }
            Files.createDirectory(directory);
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
            permissions.addAll(searchable());
            apply(directory, permissions);
        }
    }

    /** The permissions of a directory whose files may be found by those who may read them. */
    Set<PosixFilePermission> searchable() {
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
        if (mode.contains(PosixFilePermission.GROUP_READ)) {
            permissions.add(PosixFilePermission.GROUP_READ);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
        }
        if (mode.contains(PosixFilePermission.OTHERS_READ)) {
            permissions.add(PosixFilePermission.OTHERS_READ);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new FileSystemException(to.toString(), null, "cannot be replaced as a whole");
        }
    }

    /** Makes a rename last. */
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
