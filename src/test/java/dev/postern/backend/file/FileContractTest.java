package dev.postern.backend.file;

import dev.postern.backend.BackendContract;
import dev.postern.backend.SecretBackend;
import dev.postern.watch.FileWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileContractTest extends BackendContract {
    @TempDir
    Path directory;

    @Override
    protected Stand stand() {
        return new Directory(directory);
    }

    private record Directory(Path path) implements Stand {
        @Override
        public SecretBackend backend() {
            try (FileWatch unused = new FileWatch()) {
                FileBackend backend = new FileBackend(path::toString, unused);
                backend.check();
                return backend;
            }
        }

        @Override
        public boolean hasVersions() {
            return false;
        }

        @Override
        public boolean can(Fault fault) {
            return false;
        }

        @Override
        public String put(String name, byte[] value) throws IOException {
            Files.write(path.resolve(name), value);
            return null;
        }

        @Override
        public void fail(String name, Fault fault) {
            throw new IllegalArgumentException("a file does not fail so");
        }

        @Override
        public void close() {
            // The directory is the test's.
        }
    }
}
