package dev.postern.backend.vault;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Paths for the library, which puts them into URLs as they are. */
final class VaultPath {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private VaultPath() {}

    /** Percent-encodes everything but slashes and unreserved characters (RFC 3986, 2.3). */
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
