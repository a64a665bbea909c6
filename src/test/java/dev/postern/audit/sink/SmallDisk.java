package dev.postern.audit.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of 64 KiB in memory. Only root can mount one: without it the test is left out. */
public final class SmallDisk implements AutoCloseable {
    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    public static SmallDisk mount(Path at) throws IOException {
        Files.createDirectories(at);
        int code = run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", at.toString());
        assumeTrue(code == 0, "this user may not mount a file system");
        return new SmallDisk(at);
    }

    public Path path() {
        return path;
    }

    /** Makes it full but for a few kilobytes, and returns what takes the room. */
    public Path fill() throws IOException {
        Path filler = path.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            out.write(new byte[56 << 10]);
        }
        return filler;
    }

    /** Puts a disk that is read-only and empty in its place, or takes that away. */
    public void readOnly(boolean now) throws IOException {
        String[] command = now
                ? new String[] {"mount", "-t", "tmpfs", "-o", "ro", "tmpfs", path.toString()}
                : new String[] {"umount", path.toString()};
        assertThat(run(command)).isZero();
    }

    private static int run(String... command) throws IOException {
        return new ProcessBuilder(command).inheritIO().start().onExit().join().exitValue();
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", path.toString());
    }
}
