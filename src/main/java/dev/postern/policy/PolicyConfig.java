package dev.postern.policy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Set;

/** Which caller may read which secret. */
@ConfigMapping(prefix = "postern.policy")
public interface PolicyConfig {
    /** The rules by name. */
    @WithParentName
    Map<String, Rule> rules();

    /** What its callers may read. */
    interface Rule {
        /** Callers, in which {@code *} stands for any text without a slash and {@code **} for any text. */
        Set<String> callers();

        /** {@code [backend:]name[#property]}, with {@code *} and {@code **} in the name as in callers. */
        Set<String> allow();
    }
}
