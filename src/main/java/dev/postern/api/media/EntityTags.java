package dev.postern.api.media;

import java.util.List;

/** {@code If-None-Match} (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2">RFC 9110, 13.1.2</a>). */
public final class EntityTags {
    private EntityTags() {}

    /**
     * Whether the headers contain {@code *} or the tag {@code current}, by weak comparison (<a
     * href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2">RFC 9110, 8.8.3.2</a>).
     */
    public static boolean matches(List<String> ifNoneMatch, String current) {
        if (ifNoneMatch.isEmpty()) {
            return false;
        }
        String opaque = opaque(current);
        for (String field : ifNoneMatch) {
            for (String tag : field.split(",", -1)) {
                String candidate = tag.strip();
                if (candidate.equals("*") || opaque(candidate).equals(opaque)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
