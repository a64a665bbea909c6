package dev.postern.audit.command;

import java.util.Locale;

/**
 * The first line that does not verify.
 *
 * @param kind what happened to it
 * @param file the file that contains it
 * @param line its line number, from 1
 * @param detail a sentence with the details
 */
public record Finding(Kind kind, String file, long line, String detail) {
    public enum Kind {
        EDITED,
        REMOVED,
        REORDERED,
        TRUNCATED,
        DUPLICATED
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + kind.name().toLowerCase(Locale.ROOT) + ": " + detail;
    }
}
