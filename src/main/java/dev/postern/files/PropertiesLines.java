package dev.postern.files;

import java.nio.charset.StandardCharsets;

/** Lines that {@link java.util.Properties#load(java.io.InputStream)} reads, whatever encoding its reader assumes. */
final class PropertiesLines {
    private PropertiesLines() {}

    static String line(String name, byte[] value) {
        return escape(name, true) + '=' + escape(new String(value, StandardCharsets.UTF_8), false) + '\n';
    }

    private static String escape(String text, boolean key) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\t' -> escaped.append("\\t");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\f' -> escaped.append("\\f");
                case '\\', '=', ':', '#', '!' -> escaped.append('\\').append(c);
                case ' ' -> escaped.append(key || i == 0 ? "\\ " : " ");
                default -> {
                    if (c < ' ' || c > '~') {
                        escaped.append("\\u").append(String.format("%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}
