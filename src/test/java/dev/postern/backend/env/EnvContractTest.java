package dev.postern.backend.env;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.backend.BackendContract;
import dev.postern.backend.SecretBackend;
import dev.postern.watch.FileWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

class EnvContractTest extends BackendContract {
    @TempDir
    Path directory;

    @Override
    protected Stand stand() throws IOException {
        return new EnvFile(Files.createFile(directory.resolve("secrets.env")));
    }

    private record EnvFile(Path file) implements LocalStand {
        @Override
        public SecretBackend backend() {
            EnvConfig config = new EnvConfig() {
                @Override
                public Optional<String> prefix() {
                    return Optional.empty();
                }

                @Override
                public Optional<Set<String>> names() {
                    return Optional.empty();
                }

                @Override
                public Optional<String> file() {
                    return Optional.of(file.toString());
                }
            };
            try (FileWatch unused = new FileWatch()) {
                EnvBackend backend = new EnvBackend(config, unused, Map.of(), "UTF-8");
                backend.check();
                return backend;
            }
        }

        @Override
        public boolean holdsPaths() {
            return false;
        }

        @Override
        public boolean holdsBinary() {
            return false;
        }

        @Override
        public String put(String name, byte[] value) throws IOException {
            String quoted = new String(value, UTF_8).replace("\\", "\\\\").replace("'", "\\'");
            Files.writeString(file, name + "='" + quoted + "'\n", StandardOpenOption.APPEND);
            return null;
        }
    }
}
