package dev.postern.net;

import java.io.IOException;

/** A response exceeds its limit. */
public final class TooLargeException extends IOException {
    /** @param maxBytes the limit */
    public TooLargeException(int maxBytes) {
        super("the answer is larger than " + maxBytes + " bytes");
    }
}
