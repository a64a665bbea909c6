package dev.postern.backend.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.SecretName;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Encodes names in the <a
 * href="https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates">alphabet of Key Vault</a>:
 * letters, digits and hyphens, case-insensitively. Different names stay different.
 *
 * <ul>
 *   <li>A segment of lower-case letters, digits and single hyphens stays as it is.
 *   <li>A segment of capitals, digits and underscores, like an environment variable, becomes {@code caps--} and its
 *       lower-case form with hyphens.
 *   <li>Two hyphens join segments; three stand for an underscore.
 *   <li>Any other byte becomes four hyphens and two hexadecimal digits.
 * </ul>
 */
final class AzureName {
    private static final int MAX_LENGTH = 127;
    private static final String CAPITALS = "caps";
    private static final String SLASH = "--";
    private static final String UNDERSCORE = "---";
    private static final String ESCAPE = "----";
    private static final Pattern VARIABLE = Pattern.compile("(?=.*[A-Z])[A-Z0-9]+(_[A-Z0-9]+)*");

    private AzureName() {}

    /** @throws SecretNotFoundException if the result is too long for Key Vault */
    static String encode(SecretName name) {
        String encoded =
                Stream.of(name.value().split("/", -1)).map(AzureName::segment).collect(Collectors.joining(SLASH));
        if (encoded.length() > MAX_LENGTH) {
            throw new SecretNotFoundException("too long for a name in Key Vault");
        }
        return encoded;
    }

    private static String segment(String segment) {
        if (VARIABLE.matcher(segment).matches()) {
            return CAPITALS + SLASH + segment.toLowerCase(Locale.ROOT).replace('_', '-');
        }
        StringBuilder encoded = new StringBuilder(segment.length());
        byte[] bytes = segment.getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            boolean inside = isPlain(bytes, i - 1) && isPlain(bytes, i + 1);
            if ((isPlain(bytes, i) && !(i == 0 && segment.equals(CAPITALS))) || (bytes[i] == '-' && inside)) {
                encoded.append((char) bytes[i]);
            } else if (bytes[i] == '_' && inside) {
                encoded.append(UNDERSCORE);
            } else {
                encoded.append(ESCAPE).append(HexFormat.of().toHexDigits(bytes[i]));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(byte[] bytes, int at) {
        return at >= 0
                && at < bytes.length
                && ((bytes[at] >= 'a' && bytes[at] <= 'z') || (bytes[at] >= '0' && bytes[at] <= '9'));
    }
}
