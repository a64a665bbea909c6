package dev.postern.secret;

import java.text.Normalizer;

/**
 * The canonical name of a secret: segments separated by single slashes.
 *
 * <p>Every name has exactly one spelling. Anything that could be a second one is rejected rather than repaired: empty
 * and dot segments, control and format characters, and backslashes. So are percent signs (a name encoded twice) and
 * white space at the edge of a segment. The name must be in <a href="https://www.unicode.org/reports/tr15/">Unicode
 * normalization form C</a>.
 *
 * @param value the name, 1 to {@value #MAX_LENGTH} UTF-16 units
 */
public record SecretName(String value) {
    public static final int MAX_LENGTH = 512;

    /** @throws InvalidReferenceException if the text is not a canonical name */
    public SecretName {
        if (value.isEmpty()) {
            throw new InvalidReferenceException("the name is empty");
        }
        if (value.length() > MAX_LENGTH) {
            throw new InvalidReferenceException("the name is longer than " + MAX_LENGTH + " characters");
        }
        checkCharacters(value);
        int start = 0;
        for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', start)) {
            checkSegment(value, start, slash);
            start = slash + 1;
        }
        checkSegment(value, start, value.length());
    }

    private static void checkCharacters(String value) {
        boolean ascii = true;
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            if (c == '%') {
                throw new InvalidReferenceException("the name has a percent sign (encoded twice?)");
            }
            if (c == '\\') {
                throw new InvalidReferenceException("the name has a backslash");
            }
            if (c < ' ' || c >= 0x7f) {
                ascii = false;
                checkPrintable(c);
            }
            i += Character.charCount(c);
        }
        if (!ascii && !Normalizer.isNormalized(value, Normalizer.Form.NFC)) {
            throw new InvalidReferenceException("the name is not in Unicode normalization form C");
        }
    }

    private static void checkPrintable(int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED ->
                throw new InvalidReferenceException("the name has a character that cannot be printed");
            default -> {}
        }
    }

    private static void checkSegment(String value, int start, int end) {
        if (start == end) {
            throw new InvalidReferenceException("the name has an empty segment");
        }
        boolean dot = value.charAt(start) == '.';
        if (dot && (end - start == 1 || (end - start == 2 && value.charAt(start + 1) == '.'))) {
            throw new InvalidReferenceException("the name has a dot segment");
        }
        if (isSpace(value.charAt(start)) || isSpace(value.charAt(end - 1))) {
            throw new InvalidReferenceException("a segment of the name begins or ends with a space");
        }
    }

    private static boolean isSpace(char c) {
        return Character.isSpaceChar(c);
    }

    @Override
    public String toString() {
        return value;
    }
}
