package dev.postern.config;

import java.util.regex.Pattern;

/** Recognizes the hosts of the loopback interface by their spelling, without a resolver. */
public final class Loopback {
    private static final String OCTET = "\\.(25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})";
    private static final Pattern HOST =
            Pattern.compile("localhost|127(" + OCTET + "){3}|\\[(::|(0{1,4}:){7})0{0,3}1\\]", Pattern.CASE_INSENSITIVE);

    private Loopback() {}

    /** Whether a host, written as in a URL and without a port, can only be this machine. */
    public static boolean isHost(String host) {
        return HOST.matcher(host).matches();
    }
}
