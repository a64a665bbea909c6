package dev.postern.backend.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.backend.OutageContract;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.TestProxy;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class VaultOutageTest extends OutageContract {
    @TempDir
    Path directory;

    private VaultStand stand;

    @Override
    protected int start() throws Exception {
        stand = new VaultStand(directory);
        stand.put("app", "{\"k\":\"v\"}".getBytes(UTF_8));
        return stand.server().port();
    }

    @Override
    protected SecretBackend backend(String url) {
        return new VaultBackend(
                TestVaultConfig.of("address", url, "auth.token", VaultStand.TOKEN),
                TIMEOUT,
                InstantSource.system(),
                TestProxy.NONE);
    }

    @Override
    protected void stop() {
        stand.close();
    }
}
