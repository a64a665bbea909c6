package dev.postern.config;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A setting that names a file.
 *
 * <p>People sometimes put the secret itself where the name of its file belongs. Therefore, a message quotes the path
 * only if the file or its directory exists, and never quotes the contents.
 *
 * @param name the setting as the user knows it, such as {@code postern.audit.key-file}
 */
public record FileSetting(String name, Path path) {
    private static final Set<PosixFilePermission> OPEN_TO_OTHERS = PosixFilePermissions.fromString("----w-rwx");
    private static final int ROOT = 0;

    /**
     * @param value the name of the file; a leading {@code ~/} stands for the user's home directory
     * @throws InvalidSettingException if {@code value} cannot be a file name; the message does not quote it
     */
    public static FileSetting of(String name, String value) {
        try {
            Path path = value.startsWith("~/") ? home(name).resolve(value.substring(2)) : Path.of(value);
            return new FileSetting(name, path.toAbsolutePath());
        } catch (InvalidPathException e) {
            throw new InvalidSettingException(name + ": must name a file");
        }
    }

    /**
     * The JVM's {@code user.home} is {@code ?} if the user has no entry in passwd, as with a custom UID in a container.
     */
    private static Path home(String name) {
        return home(name, System.getProperty("user.home", ""), System.getenv("HOME"));
    }

    static Path home(String name, @Nullable String... places) {
        for (String place : places) {
            if (place != null && place.startsWith("/")) {
                return Path.of(place);
            }
        }
        throw new InvalidSettingException(name + ": ~ needs a home directory: set HOME, or use an absolute path");
    }

    /** A message about the setting: {@code what} continues "the file ...", as in "is empty". */
    public String problem(String what) {
        return name + ": " + (isQuotable() ? path.toString() : "the file") + " " + what;
    }

    /** A secret would have to begin with the name of an existing directory. */
    private boolean isQuotable() {
        Path directory = path.getParent();
        return Files.exists(path)
                || (directory != null
                        && directory.getNameCount() > 0
                        && !directory.equals(Path.of("").toAbsolutePath())
                        && Files.isDirectory(directory));
    }

    /** An exception with {@link #problem} as its message. */
    public UnusableFileException unusable(String what) {
        return new UnusableFileException(problem(what));
    }

    /**
     * Reads the whole file. Refuses a pipe or a device, rather than waiting for it.
     *
     * @throws UnusableFileException if it cannot be read, is not a regular file, or is larger than {@code maxBytes}
     */
    public byte[] read(int maxBytes) throws UnusableFileException {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw unusable("is not a regular file");
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes(maxBytes + 1);
                if (bytes.length > maxBytes) {
                    throw unusable("must not be larger than " + maxBytes + " bytes");
                }
                return bytes;
            }
        } catch (UnusableFileException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(reason(e));
        }
    }

    /** Why a file cannot be read, as the rest of a sentence about it, and in no words of the system's. */
    public static String reason(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "does not exist";
        }
        return failure instanceof AccessDeniedException
                ? "must be readable by the user that runs Postern"
                : "cannot be read: " + failure.getClass().getSimpleName();
    }

    /**
     * Reads a credential: one word of printable ASCII, optionally surrounded by white space.
     *
     * @param minLength the minimum number of characters
     * @param maxBytes the maximum size of the file
     * @throws UnusableFileException if the file cannot be read, or holds anything else
     */
    public String readWord(int minLength, int maxBytes) throws UnusableFileException {
        String word = new String(read(maxBytes), StandardCharsets.ISO_8859_1).strip();
        if (word.isEmpty()) {
            throw unusable("is empty");
        }
        if (!isWord(word)) {
            throw unusable("must hold one word of printable ASCII");
        }
        if (word.length() < minLength) {
            throw unusable("must hold at least " + minLength + " characters");
        }
        return word;
    }

    /** Whether {@code text} is one word of printable ASCII, as a credential in a header must be. */
    public static boolean isWord(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /**
     * Verifies that the file belongs to this user or to root, and that users outside its group have no access. The
     * group may read it, as in a secret that Kubernetes mounts.
     *
     * @throws UnusableFileException if not, or if that cannot be determined
     */
    public void checkPrivate() throws UnusableFileException {
        try {
            if (Files.getPosixFilePermissions(path).stream().anyMatch(OPEN_TO_OTHERS::contains)) {
                throw unusable("is open to other users of this machine; try: chmod 600 " + path);
            }
            if (!isOwn()) {
                throw unusable("belongs to another user; its owner must be root or the user that runs Postern");
            }
        } catch (UnusableFileException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(reason(e));
        } catch (UnsupportedOperationException e) {
            throw unusable("cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private boolean isOwn() throws IOException {
        Object owner = Files.getAttribute(path, "unix:uid");
        Path process = Path.of("/proc/self");
        return owner.equals(ROOT)
                || (Files.exists(process)
                        ? owner.equals(Files.getAttribute(process, "unix:uid"))
                        : Files.getOwner(path).getName().equals(System.getProperty("user.name")));
    }

    /** The file of a setting cannot be used. The message names the setting and quotes nothing from the file. */
    public static final class UnusableFileException extends IOException {
        private UnusableFileException(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return requireNonNull(super.getMessage());
        }
    }
}
