package dev.postern.files;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files that secrets are rendered into. */
@ConfigMapping(prefix = "postern.files")
public interface FilesConfig {
    /** The files by name. */
    @WithParentName
    Map<String, Target> targets();

    /** One file, or one directory of files. */
    interface Target {
        /** Its path. The directory is created if it does not exist. */
        String path();

        /** The references of the secrets in it, by the names that they have there. */
        Map<String, String> secrets();

        /** How the secrets are written. */
        @WithDefault("dotenv")
        Format format();

        /** The text for the format {@code template}. */
        Optional<String> template();

        /** The permissions of the file, in octal. */
        @WithDefault("0400")
        String mode();

        /** The group that the file belongs to, if not that of Postern. */
        Optional<String> group();

        /** What happens to the file when a secret is denied or does not exist any more. */
        @WithDefault("keep")
        OnMissing onMissing();

        /** Whether the file is removed when Postern stops. */
        @WithDefault("false")
        boolean removeOnStop();

        /** What to do after a change. */
        OnChange onChange();
    }

    /** What happens to a file whose secrets are gone. */
    enum OnMissing {
        /** It stays as it is. */
        KEEP,
        /** It is removed. */
        REMOVE
    }

    /** What tells the workload: a command, or a signal. */
    interface OnChange {
        /** The program and its arguments; no shell is involved. */
        Optional<List<String>> command();

        /** The signal. */
        Optional<Signal> signal();

        /** The file that has the ID of the process for the signal. */
        Optional<String> pidFile();

        /** How long the command may take. */
        @WithDefault("30s")
        Duration timeout();
    }
}
