package dev.postern.audit.command;

/** Escapes text from a log that anybody may have written to, lest it moves a terminal's cursor or breaks a table. */
final class Printable {
    private Printable() {}

    /** Escapes the backslash and everything outside printable ASCII. */
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
