package dev.postern.audit.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Escapes text from a log that anybody may have written to, lest it moves a terminal's cursor or breaks a table. */
final class Printable {
    /** The longest text that is kept whole. No valid name in ASCII is longer. */
    static final int LONGEST = 640;

    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");

    private Printable() {}

    /**
     * Escapes the backslash and everything outside printable ASCII. Of a text that is too long, the end is replaced
     * with its hash.
     */
    static String of(String text) {
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            plain++;
        }
        return shorten(plain == text.length() ? text : escape(text));
    }

    private static String escape(String text) {
        StringBuilder printable = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length() && printable.length() <= LONGEST; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                printable.append(c);
            } else {
                printable.append(String.format("\\u%04x", (int) c));
            }
        }
        return printable.length() <= LONGEST
                ? printable.toString()
                : printable
                        .append('~')
                        .append(Integer.toHexString(text.hashCode()))
                        .toString();
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST + 16
                ? text
                : text.substring(0, LONGEST) + "~" + Integer.toHexString(text.hashCode());
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f && c != '\\';
    }

    /** The text that was escaped, if it was not too long. */
    static String parse(String printable) {
        return ESCAPE.matcher(printable)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    }
}
