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
 * The contents of a {@code .env} file, parsed like <a href="https://pypi.org/project/python-dotenv/">python-dotenv</a>:
 * {@code export}, comments, single and double quotes, multi-line values and {@code ${NAME:-default}}.
 *
 * @param values the values by name; the last definition of a name wins
 * @param badLines the numbers, from 1, of the lines that were skipped because they cannot be parsed
 */
record DotEnv(Map<String, String> values, List<Integer> badLines) {
    /** White space as Python defines it. */
    private static final String SPACE = "\\s\\x1c-\\x1f";

    private static final String SPACE_IN_LINE = "[" + SPACE + "&&[^\\r\\n]]";
    private static final Pattern BLANK = compile("[" + SPACE + "]*");
    private static final Pattern SPACES = compile(SPACE_IN_LINE + "*");
    private static final Pattern EXPORT = compile("export" + SPACE_IN_LINE + "+");
    private static final Pattern QUOTED_KEY = compile("'([^']+)'");
    private static final Pattern KEY = compile("([^=#" + SPACE + "]+)");
    private static final Pattern UNQUOTED = compile("([^\\r\\n]*)");
    private static final Pattern TRAILING_COMMENT = compile("[" + SPACE + "]+#[^\\n]*");
    private static final Pattern TRAILING_SPACE = compile("[" + SPACE + "]+\\z");
    private static final Pattern END_OF_LINE = compile(SPACE_IN_LINE + "*(?:#[^\\r\\n]*)?(?:\\r\\n|\\n|\\r|\\z)");
    private static final Pattern REST_OF_LINE = compile("[^\\r\\n]*(?:\\r\\n|\\n|\\r)?");
    private static final Pattern REFERENCE = compile("\\$\\{([^}:]*)(?::-([^}]*))?\\}");

    DotEnv {
        values = Map.copyOf(values);
        badLines = List.copyOf(badLines);
    }

    private static Pattern compile(String expression) {
        return Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS);
    }

    /** @param environment resolves references to names not defined above; null means empty */
    static DotEnv parse(String text, UnaryOperator<@Nullable String> environment) {
        return new Reader(text, environment).read();
    }

    /** Shows the names, never the values. */
    @Override
    public String toString() {
        return "DotEnv" + values.keySet();
    }

    private static final class Reader {
        private final String text;
        private final Matcher matcher;
        private final UnaryOperator<@Nullable String> environment;
        private final Map<String, @Nullable String> values = new LinkedHashMap<>();
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
                    // Parsing resumes after the line where it stopped: the inside of a broken quote is not a line.
                    badLines.add(1 + (int) text.substring(0, start).lines().count() - (midLine(start) ? 1 : 0));
                    accept(REST_OF_LINE);
                }
                accept(BLANK);
            }
            Map<String, String> set = new LinkedHashMap<>();
            values.forEach((name, value) -> {
                if (value != null) {
                    set.put(name, value);
                }
            });
            return new DotEnv(set, badLines);
        }

        private boolean midLine(int at) {
            return at > 0 && text.charAt(at - 1) != '\n' && text.charAt(at - 1) != '\r';
        }

        /** Reads one line, or several if a quoted value spans them. */
        private boolean binding() {
            accept(EXPORT);
            if (peek() == '#') {
                return accept(END_OF_LINE);
            }
            if (!accept(peek() == '\'' ? QUOTED_KEY : KEY)) {
                return false;
            }
            String key = matcher.group(1);
            accept(SPACES);
            if (peek() != '=') {
                boolean bare = accept(END_OF_LINE);
                if (bare) {
                    values.put(key, null);
                }
                return bare;
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

        /** Reads a quoted value, in which a backslash escapes the next character. */
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
                String name = reference.group(1);
                String known = values.containsKey(name) ? values.get(name) : environment.apply(name);
                if (known == null && !values.containsKey(name)) {
                    known = reference.group(2);
                }
                return known == null ? "" : Matcher.quoteReplacement(known);
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
