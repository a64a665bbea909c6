package dev.postern.api.listener;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** IDs that identify a request in its response, in the audit log and in the service's own log. */
final class RequestId {
    static final String HEADER = "X-Request-Id";

    private static final int MAX_LENGTH = 64;

    private RequestId() {}

    /** The caller's own ID if it is 1 to 64 of {@code A-Z a-z 0-9 . _ -}, otherwise a random one. */
    static String of(@Nullable String given) {
        return given != null && isSane(given)
                ? given
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private static boolean isSane(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean sane = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!sane && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }
}
