package dev.postern.api.listener;

import dev.postern.caller.mtls.MutualTls;
import java.util.Locale;

/**
 * Tells whether a {@code Host} is this service's own on a listener that others than this machine can reach: an address,
 * which no attacker's DNS server can point elsewhere, or a name that the listener's certificate proves.
 */
final class OwnHost {
    private final MutualTls tls;

    OwnHost(MutualTls tls) {
        this.tls = tls;
    }

    boolean matches(String host) {
        if (LoopbackHost.matches(host)) {
            return true;
        }
        if (host.startsWith("[")) {
            return host.indexOf(']') > 0;
        }
        int colon = host.indexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon);
        return isAddress(name) || tls.isNamed(name.toLowerCase(Locale.ROOT));
    }

    private static boolean isAddress(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
