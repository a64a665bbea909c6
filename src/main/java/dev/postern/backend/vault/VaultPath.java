package dev.postern.backend.vault;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Encodes paths for the library, which inserts them into URLs unchanged. */
final class VaultPath {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private VaultPath() {}

    /**
     * Percent-encodes everything except slashes and unreserved characters (<a
     * href="https://www.rfc-editor.org/rfc/rfc3986#section-2.3">RFC 3986, 2.3</a>).
     */
    static String encode(String path) {
        StringBuilder encoded = new StringBuilder(path.length());
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= '0' && b <= '9')
                    || "/-._~".indexOf(b) >= 0;
            if (plain) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
