package dev.postern.backend.env;

import java.util.Map;

/** Lets other packages' tests read an env file as the env backend does. */
public final class EnvFileReader {
    private EnvFileReader() {}

    /** @throws IllegalArgumentException if there is a line that cannot be read */
    public static Map<String, String> read(String text) {
        DotEnv read = DotEnv.parse(text, name -> null);
        if (!read.badLines().isEmpty()) {
            throw new IllegalArgumentException("bad lines: " + read.badLines());
        }
        return read.values();
    }
}
