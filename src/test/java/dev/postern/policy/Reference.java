package dev.postern.policy;

import java.util.regex.Pattern;

/** Matching by the regular expressions of the platform: slow, and plainly right. */
final class Reference {
    private Reference() {}

    static boolean matches(String pattern, String text) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.startsWith("**", i)) {
                regex.append("[\\s\\S]*");
                i++;
            } else if (pattern.charAt(i) == '*') {
                regex.append("[^/]*");
            } else {
                regex.append("\\x{")
                        .append(Integer.toHexString(pattern.codePointAt(i)))
                        .append('}');
                i += Character.charCount(pattern.codePointAt(i)) - 1;
            }
        }
        return Pattern.compile(regex.toString()).matcher(text).matches();
    }
}
