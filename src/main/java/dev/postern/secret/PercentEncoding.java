package dev.postern.secret;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict percent-decoding (<a href="https://www.rfc-editor.org/rfc/rfc3986#section-2.1">RFC 3986, 2.1</a>). */
public final class PercentEncoding {
    private PercentEncoding() {}

    /**
     * Decodes {@code text} exactly once, as UTF-8.
     *
     * @throws InvalidReferenceException if an escape is malformed or the bytes are not UTF-8
     */
    public static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                decoded.put(encoded[i]);
            } else if (i + 2 < encoded.length) {
                decoded.put((byte) (hex(encoded[++i]) << 4 | hex(encoded[++i])));
            } else {
                throw new InvalidReferenceException("a percent escape is cut short");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidReferenceException("the percent escapes are not UTF-8");
        }
    }

    private static int hex(byte c) {
        int digit = Character.digit(c, 16);
        if (digit < 0) {
            throw new InvalidReferenceException("a percent escape is malformed");
        }
        return digit;
    }
}
