package dev.postern.secret;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;

/** The names of secrets. */
@ConfigMapping(prefix = "postern")
public interface CatalogConfig {
    /** The backend for names without a prefix. */
    @WithDefault("env")
    String backend();

    /** The value of {@code {environment}} in templates. */
    @WithDefault("development")
    String environment();

    /** The target of each alias: {@code [backend:]name[#property][@version]}. */
    Map<String, String> secrets();
}
