package dev.postern.caller;

import dev.postern.config.FileSetting;
import dev.postern.watch.FileWatch;
import dev.postern.watch.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A token in a file that the callers on one machine share.
 *
 * <p>The file is made at start where there is none, and read again when it changes. While it is missing, empty or open
 * to others, nobody is let in: that is how a token is revoked.
 */
public final class TokenFile {
    /** The one caller that this method knows. */
    public static final Caller CALLER = new Caller("token-file", Authenticator.TOKEN_FILE);

    private static final Logger LOG = Logger.getLogger(TokenFile.class);
    private static final int RANDOM_BYTES = 32;
    private static final int MAX_BYTES = 4096;

    private final FileSetting setting;
    private final Path path;
    private final SecureRandom random;
    private volatile byte @Nullable [] token;

    /**
     * Reads the token, or makes one.
     *
     * @throws IllegalStateException if there is no usable token; the message names the file and what is wrong
     */
    public TokenFile(Path path, FileWatch watch, SecureRandom random) {
        this.path = path.toAbsolutePath();
        this.setting = new FileSetting("postern.auth.token-file.path", this.path);
        this.random = random;
        try {
            createIfAbsent();
            watch.add(() -> look(this.path), this::reload);
            token = read();
        } catch (IOException e) {
            throw new IllegalStateException(describe(e), e);
        }
    }

    /** The file's permissions count as well: to take them away must be noticed. */
    private static Object look(Path file) {
        try {
            return Set.of(Fingerprint.of(file), Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            return Fingerprint.of(file);
        }
    }

    /** Whether {@code presented} is the token. It takes the same time whichever of its bytes are wrong. */
    public boolean accepts(byte[] presented) {
        byte[] expected = token;
        return expected != null && MessageDigest.isEqual(expected, presented);
    }

    /** Where the token lies. */
    public Path path() {
        return path;
    }

    private void reload() {
        try {
            token = read();
            LOG.infof("The token in %s has changed and was read again", path);
        } catch (IOException e) {
            token = null;
            LOG.errorf("No caller is let in by token until this is mended: %s", describe(e));
        }
    }

    private String describe(IOException e) {
        return e instanceof FileSetting.UnusableFileException known
                ? known.getMessage()
                : setting.problem("cannot be made: " + e.getClass().getSimpleName());
    }

    private byte[] read() throws IOException {
        setting.checkPrivate();
        return setting.readWord(1, MAX_BYTES).getBytes(StandardCharsets.US_ASCII);
    }

    private void createIfAbsent() throws IOException {
        if (Files.exists(path)) {
            return;
        }
        Path directory = path.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String made = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n";
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            return;
        }
        Files.writeString(path, made, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
        LOG.infof("Made a token for the callers on this machine: %s", path);
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "TokenFile[" + path + "]";
    }
}
