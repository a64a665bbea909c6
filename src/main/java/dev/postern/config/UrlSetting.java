package dev.postern.config;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A setting that holds the URL of a server. Messages do not quote it, because it may hold a password. */
public final class UrlSetting {
    private static final Set<String> HTTP = Set.of("http", "https");

    private UrlSetting() {}

    /**
     * Parses an {@code http} or {@code https} URL with a host and an optional path.
     *
     * @param name the setting as the user knows it
     * @throws InvalidSettingException if {@code value} is anything else; the message names the setting
     */
    public static URI http(String name, String value) {
        URI url = parse(value);
        if (url == null || !HTTP.contains(url.getScheme())) {
            throw new InvalidSettingException(
                    name + ": must be an http or https URL with a host, an optional path and nothing else");
        }
        return url;
    }

    /**
     * Parses an {@code https} URL with a host and an optional path.
     *
     * @param name the setting as the user knows it
     * @throws InvalidSettingException if {@code value} is anything else; the message names the setting
     */
    public static URI https(String name, String value) {
        URI url = parse(value);
        if (url == null || !"https".equals(url.getScheme())) {
            throw new InvalidSettingException(
                    name + ": must be an https URL with a host, an optional path and nothing else");
        }
        return url;
    }

    /**
     * Parses an {@code https} URL, or an {@code http} URL of this machine. Without TLS, a response from another machine
     * could come from anybody.
     *
     * @param name the setting as the user knows it
     * @throws InvalidSettingException if {@code value} is anything else; the message names the setting
     */
    public static URI httpsOrLoopback(String name, String value) {
        URI url = parse(value);
        if (url != null && "http".equals(url.getScheme()) && isLoopback(url)) {
            return url;
        }
        return https(name, value);
    }

    /**
     * Whether the host can only be this machine. That includes names below {@code localhost} (<a
     * href="https://www.rfc-editor.org/rfc/rfc6761#section-6.3">RFC 6761, 6.3</a>).
     */
    public static boolean isLoopback(URI url) {
        return Loopback.isHost(url.getHost())
                || url.getHost().toLowerCase(Locale.ROOT).endsWith(".localhost");
    }

    private static @Nullable URI parse(String value) {
        try {
            URI url = URI.create(value);
            boolean bare = url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
            return bare && url.getHost() != null ? url : null;
        } catch (IllegalArgumentException e) {
            // The message of the exception quotes the URL.
            return null;
        }
    }
}
