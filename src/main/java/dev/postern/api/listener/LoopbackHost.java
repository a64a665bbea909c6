package dev.postern.api.listener;

import dev.postern.config.Loopback;
import java.util.regex.Pattern;

/**
 * Tells whether a {@code Host} is this machine's own loopback interface. A name that an attacker's DNS server can make
 * point here is not one, wherever it points.
 */
final class LoopbackHost {
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    private LoopbackHost() {}

    /** Whether {@code host}, with or without a port, is one. */
    static boolean matches(String host) {
        int colon = host.indexOf(':', Math.max(host.indexOf(']'), 0));
        return colon < 0 ? isLoopback(host) : isPort(host.substring(colon + 1)) && isLoopback(host.substring(0, colon));
    }

    /** The two that nearly everybody writes are found without more ado. */
    private static boolean isLoopback(String name) {
        return name.equals("127.0.0.1") || name.equals("localhost") || Loopback.isHost(name);
    }

    private static boolean isPort(String text) {
        return PORT.matcher(text).matches() && Integer.parseInt(text) <= 65535;
    }
}
