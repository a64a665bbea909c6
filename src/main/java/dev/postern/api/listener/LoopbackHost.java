package dev.postern.api.listener;

/**
 * Tells whether a {@code Host} is this machine's own loopback interface. A name that an attacker's DNS server can make
 * point here is not one, wherever it points.
 */
final class LoopbackHost {
    private LoopbackHost() {}

    /** Whether {@code host}, with or without a port, is one. */
    static boolean matches(String host) {
        int colon = host.startsWith("[") ? host.indexOf(':', Math.max(host.indexOf(']'), 0)) : host.indexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon);
        if (colon >= 0 && !isPort(host, colon + 1)) {
            return false;
        }
        return name.equals("127.0.0.1")
                || name.equalsIgnoreCase("localhost")
                || name.equals("[::1]")
                || isLoopbackAddress(name);
    }

    private static boolean isPort(String host, int start) {
        int digits = host.length() - start;
        if (digits < 1 || digits > 5) {
            return false;
        }
        return isNumber(host, start, host.length(), 65535);
    }

    private static boolean isLoopbackAddress(String name) {
        if (!name.startsWith("127.")) {
            return false;
        }
        int parts = 1;
        int start = 4;
        while (start <= name.length()) {
            int dot = name.indexOf('.', start);
            int end = dot < 0 ? name.length() : dot;
            if (end - start < 1 || end - start > 3 || !isNumber(name, start, end, 255)) {
                return false;
            }
            parts++;
            start = end + 1;
        }
        return parts == 4;
    }

    private static boolean isNumber(String text, int start, int end, int max) {
        int value = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            value = value * 10 + c - '0';
        }
        return value <= max;
    }
}
