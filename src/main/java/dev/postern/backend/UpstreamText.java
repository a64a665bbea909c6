package dev.postern.backend;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a manager's error message fit for the log: one bounded line, without anything that looks like a token, a key or
 * a signature. AWS, for example, quotes the session token if a signature is wrong.
 */
public final class UpstreamText {
    private static final int MAX_LENGTH = 500;
    private static final String CUT = "[cut]";
    private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{C}\\u2028\\u2029]+");
    /** How access tokens of Google, tokens of Vault, and JSON Web Tokens begin. */
    private static final Pattern TOKEN = Pattern.compile("\\b(ya29\\.|hv[sbr]\\.|eyJ)[\\w.~+/=-]+");

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9+/=_~.%-]{20,}");
    private static final int LONGEST_NAME = 100;
    /** At least 16 characters that include digits and letters of both cases; or 32 hexadecimal digits. */
    private static final Pattern RANDOM =
            Pattern.compile("(?=[A-Za-z+=~%]*[0-9])(?=[0-9A-Z+=~%]*[a-z])(?=[0-9a-z+=~%]*[A-Z])[A-Za-z0-9+=~%]{16,}"
                    + "|(?<![A-Za-z0-9])[0-9a-fA-F]{32,}(?![A-Za-z0-9])");

    private UpstreamText() {}

    /** Removes credentials and line breaks from a message, and bounds it. */
    public static String clean(String said) {
        String line = WHITE_SPACE.matcher(said).replaceAll(" ").strip();
        String safe = WORD.matcher(TOKEN.matcher(line).replaceAll(CUT))
                .replaceAll(word -> isCredential(word.group()) ? CUT : Matcher.quoteReplacement(word.group()));
        return safe.length() <= MAX_LENGTH ? safe : safe.substring(0, MAX_LENGTH) + "...";
    }

    private static boolean isCredential(String word) {
        return word.length() > LONGEST_NAME || RANDOM.matcher(word).find();
    }
}
