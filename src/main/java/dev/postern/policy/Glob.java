package dev.postern.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern for a whole text: {@code *} stands for any characters but a slash, {@code **} for any characters. Matching
 * takes time in proportion to the text's length times the pattern's, whatever they are.
 */
final class Glob {
    private enum Wild {
        SEGMENT,
        ANY
    }

    private final String pattern;
    private final String prefix;
    private final List<Object> tokens;

    Glob(String pattern) {
        this.pattern = pattern;
        this.prefix = isLiteral(pattern) ? pattern : pattern.substring(0, pattern.indexOf('*'));
        this.tokens = tokens(pattern.substring(prefix.length()));
    }

    private static List<Object> tokens(String pattern) {
        List<Object> tokens = new ArrayList<>();
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) != '*') {
                tokens.add(pattern.charAt(i));
            } else if (pattern.startsWith("**", i)) {
                tokens.add(Wild.ANY);
                i++;
            } else {
                tokens.add(Wild.SEGMENT);
            }
        }
        return tokens;
    }

    static boolean isLiteral(String pattern) {
        return pattern.indexOf('*') < 0;
    }

    /** The literal beginning of every match. */
    String prefix() {
        return prefix;
    }

    boolean matches(String text) {
        if (!text.startsWith(prefix)) {
            return false;
        }
        // reached[i]: what is before the first wildcard and the tokens so far match the first i characters.
        boolean[] reached = new boolean[text.length() + 1];
        reached[prefix.length()] = true;
        for (Object token : tokens) {
            if (token instanceof Wild wild) {
                for (int i = 1; i < reached.length; i++) {
                    reached[i] |= reached[i - 1] && (wild == Wild.ANY || text.charAt(i - 1) != '/');
                }
            } else {
                char c = (Character) token;
                for (int i = reached.length - 1; i > 0; i--) {
                    reached[i] = reached[i - 1] && text.charAt(i - 1) == c;
                }
                reached[0] = false;
            }
        }
        return reached[text.length()];
    }

    @Override
    public String toString() {
        return pattern;
    }
}
