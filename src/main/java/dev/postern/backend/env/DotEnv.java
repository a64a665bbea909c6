package dev.postern.backend.env;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a {@code .env} file, read as <a href="https://pypi.org/project/python-dotenv/">python-dotenv</a>
 * reads it: {@code export}, comments, single and double quotes, values of several lines, {@code ${NAME:-default}}.
 *
 * @param values the values by name; of several of one name the last
 * @param badLines the numbers, from 1, of the lines that could not be read and were passed over
 */
record DotEnv(Map<String, String> values, List<Integer> badLines) {
    private static final Pattern BLANK = Pattern.compile("\\s*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACES = Pattern.compile("[^\\S\\r\\n]*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern EXPORT = Pattern.compile("export[^\\S\\r\\n]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern QUOTED_KEY = Pattern.compile("'([^']+)'");
    private static final Pattern KEY = Pattern.compile("([^=#\\s]+)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern UNQUOTED = Pattern.compile("([^\\r\\n]*)");
    private static final Pattern TRAILING_COMMENT = Pattern.compile("\\s+#.*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern TRAILING_SPACE = Pattern.compile("\\s+$", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_OF_LINE =
            Pattern.compile("[^\\S\\r\\n]*(?:#[^\\r\\n]*)?(?:\\r\\n|\\n|\\r|$)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern REST_OF_LINE = Pattern.compile("[^\\r\\n]*(?:\\r\\n|\\n|\\r)?");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}:]*)(?::-([^}]*))?\\}");

    DotEnv {
        values = Map.copyOf(values);
        badLines = List.copyOf(badLines);
    }

    /** @param environment what a reference means that no line above it defines; null for nothing */
    static DotEnv parse(String text, UnaryOperator<@Nullable String> environment) {
        return new Reader(text, environment).read();
    }

    /** The names, never the values. */
    @Override
    public String toString() {
        return "DotEnv" + values.keySet();
    }

    private static final class Reader {
        private final String text;
        private final Matcher matcher;
        private final UnaryOperator<@Nullable String> environment;
        private final Map<String, String> values = new LinkedHashMap<>();
        private final List<Integer> badLines = new ArrayList<>();
        private int position;

        Reader(String text, UnaryOperator<@Nullable String> environment) {
            this.text = text.startsWith("\ufeff") ? text.substring(1) : text;
            this.matcher = BLANK.matcher(this.text);
            this.environment = environment;
        }

        DotEnv read() {
            accept(BLANK);
            while (position < text.length()) {
                int start = position;
                if (!binding()) {
                    position = start;
                    badLines.add(1 + (int) text.substring(0, start).lines().count() - (midLine(start) ? 1 : 0));
                    accept(REST_OF_LINE);
                }
                accept(BLANK);
            }
            return new DotEnv(values, badLines);
        }

        private boolean midLine(int at) {
            return at > 0 && text.charAt(at - 1) != '\n' && text.charAt(at - 1) != '\r';
        }

        /** Reads one line, or several where a quoted value goes on. */
        private boolean binding() {
            if (peek() == '#') {
                return accept(END_OF_LINE);
            }
            accept(EXPORT);
            if (!accept(peek() == '\'' ? QUOTED_KEY : KEY)) {
                return false;
            }
            String key = matcher.group(1);
            accept(SPACES);
            if (peek() != '=') {
                return accept(END_OF_LINE);
            }
            int equals = position++;
            accept(SPACES);
            boolean comment = peek() == '#' && position > equals + 1;
            String value = comment ? "" : value();
            if (value == null || !accept(END_OF_LINE)) {
                return false;
            }
            values.put(key, expand(value));
            return true;
        }

        private @Nullable String value() {
            if (peek() == '\'' || peek() == '"') {
                char quote = text.charAt(position);
                String quoted = quoted(quote);
                return quoted == null ? null : unescape(quoted, quote == '"' ? "\\'\"abfnrtv" : "\\'");
            }
            accept(UNQUOTED);
            String bare = TRAILING_COMMENT.matcher(matcher.group(1)).replaceFirst("");
            return TRAILING_SPACE.matcher(bare).replaceFirst("");
        }

        /** Reads what is in quotes, in which a backslash escapes whatever follows. */
        private @Nullable String quoted(char quote) {
            int start = position + 1;
            for (int i = start; i < text.length(); i++) {
                if (text.charAt(i) == '\\') {
                    i++;
                } else if (text.charAt(i) == quote) {
                    position = i + 1;
                    return text.substring(start, i);
                }
            }
            return null;
        }

        private static String unescape(String quoted, String escapes) {
            StringBuilder plain = new StringBuilder(quoted.length());
            for (int i = 0; i < quoted.length(); i++) {
                char c = quoted.charAt(i);
                if (c == '\\' && i + 1 < quoted.length() && escapes.indexOf(quoted.charAt(i + 1)) >= 0) {
                    c = switch (quoted.charAt(++i)) {
                        case 'a' -> '\u0007';
                        case 'b' -> '\b';
                        case 'f' -> '\f';
                        case 'n' -> '\n';
                        case 'r' -> '\r';
                        case 't' -> '\t';
                        case 'v' -> '\u000b';
                        default -> quoted.charAt(i);
                    };
                }
                plain.append(c);
            }
            return plain.toString();
        }

        private String expand(String value) {
            return REFERENCE.matcher(value).replaceAll(reference -> {
                String known = values.get(reference.group(1));
                if (known == null) {
                    known = environment.apply(reference.group(1));
                }
                if (known == null) {
                    known = reference.group(2) == null ? "" : reference.group(2);
                }
                return Matcher.quoteReplacement(known);
            });
        }

        private int peek() {
            return position < text.length() ? text.charAt(position) : -1;
        }

        private boolean accept(Pattern pattern) {
            matcher.usePattern(pattern).region(position, text.length());
            boolean found = matcher.lookingAt();
            if (found) {
                position = matcher.end();
            }
            return found;
        }
    }
}
