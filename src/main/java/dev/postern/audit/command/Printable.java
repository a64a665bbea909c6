package dev.postern.audit.command;

/** Text from a log that anybody may have written to: it must not move a terminal's cursor nor break a table. */
final class Printable {
    private Printable() {}

    /** The text, with an escape for everything outside printable ASCII, and for the backslash itself. */
    static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '\\') {
                printable.append(String.format("\\u%04x", (int) c));
            } else {
                printable.append(c);
            }
        }
        return printable.toString();
    }
}
