package dev.postern.cache;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** Settings, mapped as they are in the service, but from nowhere else. */
public final class TestCacheConfig {
    private TestCacheConfig() {}

    /** @param settings names below {@code postern.cache} and their values, in turn */
    public static CacheConfig of(String... settings) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("postern.cache." + settings[i], settings[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withMapping(CacheConfig.class)
                .build()
                .getConfigMapping(CacheConfig.class);
    }
}
