package dev.postern.audit.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * The hash that chains a line to the one before. It covers the previous hash, in hexadecimal, and the line up to its
 * own hash. It is <a href="https://csrc.nist.gov/pubs/fips/180-4/upd1/final">SHA-256</a>, or with a key <a
 * href="https://www.rfc-editor.org/rfc/rfc2104">HMAC</a>-SHA-256. Not thread-safe.
 */
public final class ChainHash {
    /** The length of a hash in hexadecimal digits. */
    public static final int DIGITS = 64;

    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
    private static final int BYTES = DIGITS / 2;

    private final Function function;
    private final byte[] raw = new byte[BYTES];

    private ChainHash(Function function) {
        this.function = function;
    }

    /** A hash that anybody can compute. */
    public static ChainHash plain() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return new ChainHash((previous, bytes, start, end, out) -> {
                digest.update(previous);
                digest.update(bytes, start, end - start);
                digest.digest(out, 0, BYTES);
            });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A hash that only a holder of the key can compute. */
    public static ChainHash keyed(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            return new ChainHash((previous, bytes, start, end, out) -> {
                mac.update(previous);
                mac.update(bytes, start, end - start);
                mac.doFinal(out, 0);
            });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    /**
     * Computes the hash of a line.
     *
     * @param previous the hash of the previous line, {@value #DIGITS} digits
     * @param out receives the hash, {@value #DIGITS} digits; may be {@code previous}
     */
    public void compute(byte[] previous, byte[] bytes, int start, int end, byte[] out) {
        try {
            function.compute(previous, bytes, start, end, raw);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a hash has a fixed size", e);
        }
        hex(raw, out);
    }

    public static void hex(byte[] raw, byte[] out) {
        for (int i = 0; i < BYTES; i++) {
            out[2 * i] = HEX[(raw[i] >> 4) & 0xf];
            out[2 * i + 1] = HEX[raw[i] & 0xf];
        }
    }

    private interface Function {
        void compute(byte[] previous, byte[] bytes, int start, int end, byte[] out)
                throws DigestException, ShortBufferException;
    }
}
