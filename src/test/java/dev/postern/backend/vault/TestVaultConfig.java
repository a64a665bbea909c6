package dev.postern.backend.vault;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** Settings, mapped as they are in the service, but from nowhere else. */
final class TestVaultConfig {
    private TestVaultConfig() {}

    /** @param settings names below {@code postern.backends.vault} and their values, in turn */
    static VaultConfig of(String... settings) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("postern.backends.vault." + settings[i], settings[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withMapping(VaultConfig.class)
                .build()
                .getConfigMapping(VaultConfig.class);
    }
}
