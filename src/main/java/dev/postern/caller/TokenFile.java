package dev.postern.caller;

import dev.postern.caller.CredentialEvents.Credential;
import dev.postern.config.FileSetting;
import dev.postern.config.FileSetting.UnusableFileException;
import dev.postern.config.InvalidSettingException;
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
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A token in a file that the callers on one machine share.
 *
 * <p>The file is created at start if it is missing, and read again when it changes. While it is missing, too short,
 * open to others or owned by somebody else, every token is refused. To revoke a token, remove or replace it.
 */
public final class TokenFile {
    /** The only caller of this method. */
    public static final Caller CALLER = new Caller("token-file", Authenticator.TOKEN_FILE);

    private static final Logger LOG = Logger.getLogger(TokenFile.class);
    private static final int RANDOM_BYTES = 32;
    /** As random letters and digits, 95 bits. */
    private static final int MIN_LENGTH = 16;

    private static final int MAX_BYTES = 4096;

    private final FileSetting setting;
    private final SecureRandom random;
    private final CredentialEvents events;
    private final CurlConfig curl;
    private volatile byte @Nullable [] token;

    /**
     * Reads the token, or creates one.
     *
     * @throws IllegalStateException if there is no usable token; the message names the file and what is wrong
     */
    public TokenFile(FileSetting setting, FileWatch watch, SecureRandom random, CredentialEvents events) {
        this.setting = setting;
        this.random = random;
        this.events = events;
        this.curl = new CurlConfig(setting.path());
        try {
            createIfAbsent();
            watch.add(() -> List.of(setting.path()), () -> look(setting.path()), this::reload);
            token = read(setting);
            curl.update(token);
        } catch (IOException e) {
            throw new IllegalStateException(describe(e), e);
        }
    }

    /** @throws InvalidSettingException if {@code path} is not a valid path */
    public static FileSetting setting(String path) {
        return FileSetting.of("postern.auth.token-file.path", path);
    }

    /**
     * Verifies that the token is usable, or that it can be created. Creates nothing.
     *
     * @throws IllegalStateException if not; the message names the setting and what is wrong
     */
    public static void check(String path) {
        FileSetting setting = setting(path);
        try {
            if (Files.exists(setting.path())) {
                read(setting);
            } else if (!canBeMade(setting.path())) {
                throw setting.unusable(
                        "cannot be created: its directory must be writable by the user that runs Postern");
            }
        } catch (UnusableFileException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static boolean canBeMade(Path file) {
        Path above = file.getParent();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        return above != null && Files.isDirectory(above) && Files.isWritable(above);
    }

    /** Includes the permissions, because a change of them must be noticed. */
    private static Object look(Path file) {
        try {
            return Set.of(Fingerprint.of(file), Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            return Fingerprint.of(file);
        }
    }

    /** Whether {@code presented} is the token. Takes the same time wherever the difference is. */
    public boolean accepts(byte[] presented) {
        byte[] expected = token;
        return expected != null && MessageDigest.isEqual(expected, presented);
    }

    /** The path of the token file. */
    public Path path() {
        return setting.path();
    }

    private void reload() {
        byte[] before = token;
        // The old one is invalid, whatever becomes of the new one.
        token = null;
        try {
            byte[] after = read(setting);
            if (!MessageDigest.isEqual(before, after)) {
                events.replaced(Credential.TOKEN_FILE, null, null);
            }
            token = after;
            LOG.infof("Reloaded the token from %s", setting.path());
        } catch (IOException e) {
            events.refused(Credential.TOKEN_FILE, "unusable");
            LOG.errorf("Every token is refused until this is fixed: %s", describe(e));
        }
        curl.update(token);
    }

    private String describe(IOException e) {
        return e instanceof UnusableFileException known
                ? known.getMessage()
                : setting.problem("cannot be created: " + e.getClass().getSimpleName());
    }

    private static byte[] read(FileSetting setting) throws UnusableFileException {
        setting.checkPrivate();
        return setting.readWord(MIN_LENGTH, MAX_BYTES).getBytes(StandardCharsets.US_ASCII);
    }

    private void createIfAbsent() throws IOException {
        Path path = setting.path();
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
        // Without a newline: SDKs of AWS refuse a token file that has one (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE).
        String made = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            return;
        }
        Files.writeString(path, made, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
        LOG.infof("Created a token for the callers on this machine: %s", path);
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "TokenFile[" + setting.path() + "]";
    }
}
