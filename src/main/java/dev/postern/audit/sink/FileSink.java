package dev.postern.audit.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.postern.audit.chain.ChainPoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A file that only its owner can read, rotated by size.
 *
 * <p>If the file was moved, deleted or truncated, it is opened anew; this is checked at most every 20 ms. Every failed
 * write reopens it as well.
 */
public final class FileSink implements AuditSink {
    private static final byte[] BEGINNING = "{\"@timestamp\":".getBytes(US_ASCII);
    private static final Logger LOG = Logger.getLogger(FileSink.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> MADE_OWNER_ONLY = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final byte[] LINE_FEED = {'\n'};

    private final Path file;
    private final long maxBytes;
    private final boolean sync;
    private final LongSupplier nanos;
    private final RotatedFiles rotated;
    private final FileLockGuard lock;
    private final @Nullable ChainPoint resume;

    private @Nullable FileChannel channel;
    private @Nullable Object identity;
    private long size;
    private long looked;
    private Preparation prepared = Preparation.NONE;
    private boolean stuck;
    private long triedToRotate;

    /**
     * Opens or creates the file.
     *
     * @param maxBytes the size at which the file is rotated
     * @param keep how many rotated files are kept
     * @param keepFor rotated files younger than this are kept even beyond {@code keep}
     * @param sync whether a line counts as written only once it is synced to disk
     * @throws IllegalStateException if the file cannot be written or another process writes it; the message says why
     */
    public FileSink(Path file, long maxBytes, int keep, Duration keepFor, boolean sync) {
        this(file, maxBytes, keep, keepFor, sync, System::nanoTime);
    }

    /** @param nanos the clock that paces retries of a failed rotation */
    public FileSink(Path file, long maxBytes, int keep, Duration keepFor, boolean sync, LongSupplier nanos) {
        this.file = file.toAbsolutePath();
        this.maxBytes = maxBytes;
        this.sync = sync;
        this.nanos = nanos;
        this.rotated = new RotatedFiles(this.file, keep, keepFor);
        this.lock = new FileLockGuard(this.file.resolveSibling(this.file.getFileName() + ".lock"), MADE_OWNER_ONLY);
        try {
            resume = tail();
            finishRotation();
            open();
        } catch (IOException e) {
            lock.close();
            throw new IllegalStateException(describe(e), e);
        }
    }

    private String describe(IOException e) {
        String known = e instanceof UnusableFileException ? e.getMessage() : null;
        return known == null ? file + " cannot be written: " + e : known;
    }

    private @Nullable ChainPoint tail() throws IOException {
        for (Path candidate : new Path[] {file, rotated.aside(), rotated.newest()}) {
            if (Files.isRegularFile(candidate, LinkOption.NOFOLLOW_LINKS) && Files.size(candidate) > 0) {
                ChainPoint last = FileTail.of(candidate).last();
                if (last != null) {
                    return last;
                }
                if (!begins(candidate)) {
                    throw new UnusableFileException(candidate + " is not an audit log");
                }
            }
        }
        return null;
    }

    /** A process that ended during a rotation leaves a file aside. */
    private void finishRotation() {
        try {
            rotated.finish();
        } catch (IOException e) {
            LOG.warnf(e, "An unfinished rotation left %s, which cannot be moved", rotated.aside());
        }
    }

    @Override
    public @Nullable ChainPoint resume() {
        return resume;
    }

    @Override
    public Preparation prepare() throws IOException {
        if (channel != null && isGone()) {
            LOG.infof("%s was moved, deleted or emptied: starting a new one", file);
            closeChannel();
            open();
            prepared = Preparation.REPLACED;
        }
        if (channel == null) {
            open();
        }
        if (size >= maxBytes) {
            rotate();
        }
        Preparation done = prepared;
        prepared = Preparation.NONE;
        return done;
    }

    private boolean isGone() throws IOException {
        long now = System.nanoTime();
        if (now - looked < LOOK_NANOS) {
            return false;
        }
        looked = now;
        try {
            BasicFileAttributes there = attributes();
            return !requireNonNull(identity).equals(there.fileKey()) || there.size() < size;
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private void open() throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !attributes().isRegularFile()) {
            throw new UnusableFileException(file + " is not a regular file");
        }
        Set<OpenOption> options =
                Set.of(StandardOpenOption.APPEND, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS);
        FileChannel opened = FileChannel.open(file, options, MADE_OWNER_ONLY);
        try {
            if (!Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
            }
            isolateTornLine(opened);
            size = opened.size();
            Object before = identity;
            identity = attributes().fileKey();
            prepared = before == null || before.equals(identity) ? Preparation.OPENED : Preparation.REPLACED;
            syncDirectory();
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        channel = opened;
        looked = System.nanoTime();
    }

    private void isolateTornLine(FileChannel opened) throws IOException {
        FileTail tail = FileTail.of(file);
        if (tail.open()) {
            Channels.write(opened, LINE_FEED, LINE_FEED.length);
        }
        if (tail.tornBytes() > 0) {
            LOG.warnf(
                    "%s ended with an incomplete line of %d bytes, which stays as a separate line",
                    file, tail.tornBytes());
        }
    }

    /** A failed rotation is not fatal: a file that grows beats no file. */
    private void rotate() throws IOException {
        if (stuck && nanos.getAsLong() - triedToRotate < RETRY_NANOS) {
            return;
        }
        try {
            rotated.rotate();
        } catch (IOException e) {
            if (!stuck) {
                LOG.errorf(e, "%s cannot be rotated, and grows", file);
                prepared = Preparation.NOT_ROTATED;
            }
            stuck = true;
            triedToRotate = nanos.getAsLong();
            return;
        }
        stuck = false;
        closeChannel();
        open();
        prepared = Preparation.ROTATED;
    }

    private void syncDirectory() throws IOException {
        Path directory = file.getParent();
        if (sync && directory != null) {
            try (FileChannel entries = FileChannel.open(directory)) {
                entries.force(true);
            }
        }
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        FileChannel open = requireNonNull(channel, "prepared");
        try {
            Channels.write(open, lines, length);
            size += length;
            if (sync) {
                force(open, length);
            }
        } catch (IOException e) {
            closeChannel();
            throw e;
        }
    }

    private static void force(FileChannel open, int length) throws IncompleteWriteException {
        try {
            open.force(false);
        } catch (IOException e) {
            throw new IncompleteWriteException(length, e);
        }
    }

    private void closeChannel() {
        try {
            requireNonNull(channel).close();
        } catch (IOException e) {
            LOG.debugf(e, "%s could not be closed", file);
        }
        channel = null;
    }

    @Override
    public void close() {
        if (channel != null) {
            closeChannel();
        }
        lock.close();
    }

    /** The message names the file and the fault. */
    private static final class UnusableFileException extends IOException {
        UnusableFileException(String message) {
            super(message);
        }
    }

    /** Whether a file is empty or begins like an audit line, or with the zeros that a power cut leaves. */
    private static boolean begins(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] first = in.readNBytes(BEGINNING.length);
            return first.length == 0 || first[0] == 0 || Arrays.equals(first, Arrays.copyOf(BEGINNING, first.length));
        }
    }
}
