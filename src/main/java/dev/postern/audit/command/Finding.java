package dev.postern.audit.command;

import java.util.Locale;

/**
 * The first line that is wrong.
 *
 * @param kind what happened to it
 * @param file the file that it is in
 * @param line its number there, from 1
 * @param detail a sentence that says more
 */
record Finding(Kind kind, String file, long line, String detail) {
    /** What can be wrong with a line. */
    enum Kind {
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
