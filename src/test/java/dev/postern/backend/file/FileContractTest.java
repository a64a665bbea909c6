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

    private record Directory(Path path) implements LocalStand {
        @Override
        public SecretBackend backend() {
            try (FileWatch unused = new FileWatch()) {
                FileBackend backend = new FileBackend(path::toString, unused);
                backend.check();
                return backend;
            }
        }

        @Override
        public String put(String name, byte[] value) throws IOException {
            Files.createDirectories(path.resolve(name).getParent());
            Files.write(path.resolve(name), value);
            return null;
        }
    }
}
