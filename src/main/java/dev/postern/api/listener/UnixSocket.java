package dev.postern.api.listener;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix domain socket, accessible only to its owner and group.
 *
 * <p>The umask decides the permissions of a new socket. Java cannot set the umask, nor change the permissions before
 * others can connect. Therefore the socket is created in a private directory, restricted, and then moved to its path.
 * The move atomically replaces a stale socket that a killed process left behind.
 */
final class UnixSocket {
    private static final Logger LOG = Logger.getLogger(UnixSocket.class);
    private static final String SETTING = "postern.http.socket: ";
    private static final String PERMISSIONS = "rw-rw----";
    private static final int TYPE_MASK = 0170000;
    private static final int SOCKET_TYPE = 0140000;

    private final Path path;
    private @Nullable Object fileKey;

    UnixSocket(Path path) {
        this.path = path.toAbsolutePath();
    }

    Path path() {
        return path;
    }

    /**
     * Creates the socket.
     *
     * @param bind listens on a temporary path
     * @return the result of {@code bind}
     * @throws IllegalStateException if the path is taken by another file or a live process, or the socket cannot be
     *     created
     */
    <T> T open(Binder<T> bind) {
        Path directory = null;
        try {
            checkFree();
            directory = Files.createTempDirectory(
                    path.getParent(),
                    ".p",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path made = directory.resolve("s");
            T bound = bind.bind(made);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(PERMISSIONS));
            fileKey = attributes(made).fileKey();
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
            return bound;
        } catch (IOException e) {
            throw new IllegalStateException(
                    SETTING + "cannot make " + path + ": " + e.getClass().getSimpleName(), e);
        } finally {
            remove(directory);
        }
    }

    /** Removes the socket unless another process has replaced it. */
    void close() {
        try {
            if (fileKey != null && fileKey.equals(attributes(path).fileKey())) {
                Files.delete(path);
            }
        } catch (IOException e) {
            LOG.debugf("Cannot remove %s: %s", path, e.getClass().getSimpleName());
        }
    }

    private void checkFree() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE_MASK) != SOCKET_TYPE) {
            throw new IllegalStateException(SETTING + path + " exists and is not a socket");
        }
        if (!isStale()) {
            throw new IllegalStateException(SETTING + "another process listens on " + path);
        }
    }

    /** Only a refused connection proves that nobody listens. */
    private boolean isStale() {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static void remove(@Nullable Path directory) {
        try {
            if (directory != null) {
                Files.deleteIfExists(directory.resolve("s"));
                Files.delete(directory);
            }
        } catch (IOException e) {
            LOG.warnf("Cannot remove %s: %s", directory, e.getClass().getSimpleName());
        }
    }

    /** Starts to listen on a path. */
    interface Binder<T> {
        T bind(Path path);
    }
}
