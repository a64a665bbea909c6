package dev.postern.secret;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;

/** Which secrets there are. */
@ConfigMapping(prefix = "postern")
public interface CatalogConfig {
    /** The kind of backend that a name without a prefix is asked of. */
    @WithDefault("env")
    String backend();

    /** What stands for {@code {environment}} in templates. */
    @WithDefault("development")
    String environment();

    /** What each alias stands for: {@code [backend:]name[#property][@version]}. */
    Map<String, String> secrets();
}
