package dev.postern.api.media;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A media range of an {@code Accept} header. Parameters other than the quality are ignored.
 *
 * @param type {@code *} for any
 * @param subtype {@code *} for any
 * @param quality from 0 to 1
 */
record MediaRange(String type, String subtype, double quality) {
    private static final String ANY = "*";
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern RANGE = Pattern.compile("(" + TOKEN + ")/(" + TOKEN + ")");
    /**
     * More lenient than <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2">RFC 9110, 12.4.2</a>, because
     * HttpURLConnection sent {@code .2} until Java 17.0.12 (<a
     * href="https://bugs.openjdk.org/browse/JDK-8163921">JDK-8163921</a>).
     */
    private static final Pattern QUALITY = Pattern.compile("0|1|[01]?\\.[0-9]{1,10}|[01]\\.");

    /** Parses the valid ranges and ignores the others. */
    static List<MediaRange> parse(List<String> fields) {
        List<MediaRange> ranges = new ArrayList<>();
        for (String field : fields) {
            for (String element : split(field, ',')) {
                MediaRange range = parse(element);
                if (range != null) {
                    ranges.add(range);
                }
            }
        }
        return ranges;
    }

    private static @Nullable MediaRange parse(String element) {
        List<String> parts = split(element, ';');
        String name = parts.get(0).strip();
        // HttpURLConnection also sent a lone * for any type, which is not a valid range.
        Matcher matcher = RANGE.matcher(name.equals(ANY) ? "*/*" : name);
        if (!matcher.matches()
                || (matcher.group(1).equals(ANY) && !matcher.group(2).equals(ANY))) {
            return null;
        }
        double quality = 1;
        for (String parameter : parts.subList(1, parts.size())) {
            String stripped = parameter.strip();
            if (stripped.regionMatches(true, 0, "q=", 0, 2)) {
                String value = stripped.substring(2);
                if (!QUALITY.matcher(value).matches() || Double.parseDouble(value) > 1) {
                    return null;
                }
                quality = Double.parseDouble(value);
            }
        }
        return new MediaRange(matcher.group(1), matcher.group(2), quality);
    }

    /** Splits outside quoted strings, into at least one part. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    boolean matches(String wantedType, String wantedSubtype) {
        return (type.equals(ANY) || type.equalsIgnoreCase(wantedType))
                && (subtype.equals(ANY) || subtype.equalsIgnoreCase(wantedSubtype));
    }

    /** 0 for any type, 1 for any subtype, 2 for one type. */
    int specificity() {
        return type.equals(ANY) ? 0 : subtype.equals(ANY) ? 1 : 2;
    }
}
