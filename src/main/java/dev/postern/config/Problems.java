package dev.postern.config;

import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.stream.IntStream;

/** What the framework finds wrong with settings, in a line each. */
public final class Problems {
    private Problems() {}

    /** The messages, without the framework's own numbers and white space. */
    public static List<String> of(ConfigValidationException invalid) {
        return IntStream.range(0, invalid.getProblemCount())
                .mapToObj(i -> String.valueOf(invalid.getProblem(i).getMessage()))
                .map(message -> message.replaceFirst("^([\\w.]*Exception: )?SRCFG[0-9]+: ", ""))
                .map(message -> message.replaceAll("\\s+", " ").strip())
                // A list's key and each of its elements.
                .map(message -> message.replaceFirst("^([^ ]+)\\[[0-9]+\\] (.* does not map to any root)$", "$1 $2"))
                .distinct()
                .toList();
    }
}
