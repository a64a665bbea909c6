package dev.postern.api.listener;

import dev.postern.config.Loopback;
import java.util.regex.Pattern;

/**
 * Whether a {@code Host} names the loopback interface. Other names never match, wherever they point, because an
 * attacker's DNS server can point its names here (DNS rebinding).
 */
final class LoopbackHost {
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    private LoopbackHost() {}

    /** @param host with or without a port */
    static boolean matches(String host) {
        int colon = host.indexOf(':', Math.max(host.indexOf(']'), 0));
        return colon < 0 ? isLoopback(host) : isPort(host.substring(colon + 1)) && isLoopback(host.substring(0, colon));
    }

    /** Compares with the two usual names first, which is faster. */
    private static boolean isLoopback(String name) {
        return name.equals("127.0.0.1") || name.equals("localhost") || Loopback.isHost(name);
    }

    private static boolean isPort(String text) {
        return PORT.matcher(text).matches() && Integer.parseInt(text) <= 65535;
    }
}
