package dev.postern.backend;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a manager says of a failure, made fit for the log: one bounded line, without whatever looks like a token, a key
 * or a signature. AWS, for one, quotes the session token when a signature is wrong.
 */
public final class UpstreamText {
    private static final int MAX_LENGTH = 500;
    private static final String CUT = "[cut]";
    private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{C}\\u2028\\u2029]+");
    /** How Google's, Vault's and all signed tokens begin. */
    private static final Pattern TOKEN = Pattern.compile("\\b(ya29\\.|hv[sbr]\\.|eyJ)[\\w.~+/=-]+");

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9+/=_~.%-]{20,}");
    private static final int LONGEST_NAME = 100;
    /** Letters of both cases and digits, without anything between them; or a key in hexadecimal. */
    private static final Pattern RANDOM =
            Pattern.compile("(?=[A-Za-z+=~%]*[0-9])(?=[0-9A-Z+=~%]*[a-z])(?=[0-9a-z+=~%]*[A-Z])[A-Za-z0-9+=~%]{16,}"
                    + "|(?<![A-Za-z0-9])[0-9a-fA-F]{32,}(?![A-Za-z0-9])");

    private UpstreamText() {}

    /** {@code said} as it may be logged. */
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
