package dev.postern.backend.vault;

import dev.postern.backend.BackendContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class VaultContractTest extends BackendContract {
    @TempDir
    Path directory;

    @Override
    protected Stand stand() throws Exception {
        return new VaultStand(directory);
    }
}
