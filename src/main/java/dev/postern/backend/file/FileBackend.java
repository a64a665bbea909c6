package dev.postern.backend.file;

import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.config.FileSetting;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import dev.postern.watch.FileWatch;
import dev.postern.watch.Fingerprint;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The {@code file} backend: a directory with one file for each secret, such as a mounted Kubernetes or Docker secret.
 * It has no versions.
 *
 * <p>Links are followed if they stay inside the directory. Kubernetes keeps a volume's files under hidden names that
 * begin with two dots, and swaps a link to change all of them at once. Those names are not secrets.
 */
@Singleton
@Identifier("file")
public final class FileBackend implements SecretBackend {
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_WATCHED = 1000;
    /** A volume may be swapped between finding and reading a file, but not repeatedly. */
    private static final int TRIES = 3;

    private final Path directory;
    private final FileWatch watch;
    private final Map<Path, Fingerprint> served = new ConcurrentHashMap<>();
    private final AtomicLong revision = new AtomicLong();

    @Inject
    FileBackend(FileConfig config, FileWatch watch) {
        this.directory = FileSetting.of("postern.backends.file.directory", config.directory())
                .path();
        this.watch = watch;
        watch.add(served::keySet, this::changes, this::forgetChanged);
    }

    @Override
    public void check() {
        if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
            throw new BackendUnavailableException(
                    "postern.backends.file.directory: must be a readable directory, is " + directory);
        }
    }

    @Override
    public Secret read(SecretName name, @Nullable Version version) {
        if (name.value().startsWith("..") || name.value().contains("/..")) {
            throw new SecretNotFoundException("hidden names are not served");
        }
        Path file = resolve(name);
        Fingerprint fingerprint = Fingerprint.of(file);
        Secret secret = read(file);
        if (version != null) {
            throw new SecretNotFoundException("the file backend has no versions");
        }
        if (served.size() >= MAX_WATCHED) {
            served.clear();
            revision.incrementAndGet();
        }
        if (served.put(file, fingerprint) == null) {
            watch.lookSoon();
        }
        return secret;
    }

    private Path resolve(SecretName name) {
        try {
            return directory.resolve(name.value());
        } catch (InvalidPathException e) {
            throw new SecretNotFoundException("not a valid file name", e);
        }
    }

    private Secret read(Path file) {
        for (int i = 1; ; i++) {
            try {
                return readOnce(file);
            } catch (AccessDeniedException e) {
                throw new BackendDeniedException("permission denied", e);
            } catch (IOException e) {
                if (!Files.isDirectory(directory)) {
                    throw new BackendUnavailableException(directory + " is gone", e);
                }
                if (i == TRIES) {
                    throw Files.exists(file)
                            ? new BackendErrorException("the file cannot be read", e)
                            : new SecretNotFoundException("there is no such file", e);
                }
            }
        }
    }

    private Secret readOnce(Path file) throws IOException {
        Path root = directory.toRealPath();
        Path real = file.toRealPath();
        if (!real.startsWith(root) || real.equals(root)) {
            throw new SecretNotFoundException("it leads out of " + directory);
        }
        try (DirectoryStream<Path> top = Files.newDirectoryStream(root)) {
            if (top instanceof SecureDirectoryStream<Path> secure) {
                return read(secure, root.relativize(real), 0);
            }
        }
        throw new BackendErrorException("the file system of " + directory + " cannot open files without races");
    }

    /**
     * Opens each directory from the one above it and follows no links, so that nothing swapped meanwhile leads outside.
     */
    private static Secret read(SecureDirectoryStream<Path> in, Path way, int depth) throws IOException {
        Path name = way.getName(depth);
        if (depth < way.getNameCount() - 1) {
            try (SecureDirectoryStream<Path> below = in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                return read(below, way, depth + 1);
            }
        }
        BasicFileAttributes attributes = in.getFileAttributeView(
                        name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        if (attributes.isSymbolicLink()) {
            throw new FileSystemException(name.toString(), null, "has become a link");
        }
        if (!attributes.isRegularFile()) {
            throw new SecretNotFoundException("it is not a regular file");
        }
        try (SeekableByteChannel channel =
                        in.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                InputStream bytes = Channels.newInputStream(channel)) {
            byte[] value = bytes.readNBytes(MAX_FILE_BYTES + 1);
            if (value.length > MAX_FILE_BYTES) {
                throw new BackendErrorException("it is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return new Secret(value, null, attributes.lastModifiedTime().toInstant());
        }
    }

    @Override
    public long revision() {
        return revision.get();
    }

    private Map<Path, Fingerprint> changes() {
        Map<Path, Fingerprint> changes = new TreeMap<>();
        served.forEach((file, before) -> {
            Fingerprint now = Fingerprint.of(file);
            if (!now.equals(before)) {
                changes.put(file, now);
            }
        });
        return changes;
    }

    private void forgetChanged() {
        if (served.keySet().removeAll(changes().keySet())) {
            revision.incrementAndGet();
        }
    }
}
