package dev.postern.api.listener;

import dev.postern.caller.mtls.MutualTls;
import java.util.Locale;

/**
 * Whether a {@code Host} names this service, on a listener that other machines can reach. It must be loopback, an IP
 * address, or a name in the listener's certificate. An attacker's DNS server controls none of these.
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
