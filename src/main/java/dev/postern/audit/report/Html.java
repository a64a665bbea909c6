package dev.postern.audit.report;

/** A page in the making. Text goes through {@link #text}, which escapes it; markup is written by this program only. */
final class Html {
    private static final String SEPARATORS = "/:#";
    private static final int LONGEST = 160;
    private static final int END = 40;

    private final StringBuilder page = new StringBuilder();

    /** Appends markup. It must not contain anything from a record, a setting or the command line. */
    Html markup(String trusted) {
        page.append(trusted);
        return this;
    }

    /** Appends text, for content and for values of attributes in double quotes. The page is in ASCII. */
    Html text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> page.append("&amp;");
                case '<' -> page.append("&lt;");
                case '>' -> page.append("&gt;");
                case '"' -> page.append("&quot;");
                case '\'' -> page.append("&#39;");
                default -> page.append(c >= ' ' && c < 0x7f ? c : '?');
            }
        }
        return this;
    }

    /**
     * Appends the text of a name. It may break after what separates the parts of names, and the middle of a very long
     * one is left out.
     */
    Html name(String text) {
        return text.length() <= LONGEST
                ? breakable(text)
                : breakable(text.substring(0, LONGEST - END))
                        .markup("&hellip;")
                        .text(text.substring(text.length() - END));
    }

    private Html breakable(String text) {
        int start = 0;
        for (int i = 0; i < text.length() - 1; i++) {
            if (SEPARATORS.indexOf(text.charAt(i)) >= 0 && SEPARATORS.indexOf(text.charAt(i + 1)) < 0) {
                text(text.substring(start, i + 1)).markup("<wbr>");
                start = i + 1;
            }
        }
        return text(text.substring(start));
    }

    Html number(long number) {
        page.append(Formats.number(number));
        return this;
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
