package dev.postern.net;

import java.io.IOException;

/** An answer is larger than any that makes sense. */
public final class TooLargeException extends IOException {
    /** @param maxBytes how large it might have been */
    public TooLargeException(int maxBytes) {
        super("the answer is larger than " + maxBytes + " bytes");
    }
}
