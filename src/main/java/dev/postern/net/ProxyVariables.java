package dev.postern.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.config.UrlSetting;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY}, in upper or lower case, for the clients
 * of all managers. The entries of {@code NO_PROXY} are those of <a href="https://curl.se/docs/manpage.html">curl</a>
 * and <a href="https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config">Go</a>. These are {@code *}, a domain (with
 * its subdomains), an address or a network such as {@code 10.0.0.0/8}, each with an optional port.
 *
 * <p>The proxies never apply to this machine and its metadata services: a proxy would return another machine's
 * metadata.
 */
public final class ProxyVariables extends ProxySelector {
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    /** Those of Google, and AWS's for IPv6. The others have link-local addresses. */
    private static final Set<String> METADATA =
            Set.of("metadata.google.internal", "metadata", "[fd00:ec2::254]", "[fd00:ec2::23]");

    private final Map<String, HttpProxy> proxies = new HashMap<>();
    private final List<String> exceptions;

    /**
     * @throws IllegalArgumentException if a proxy is not an HTTP URL; the message names the variable and does not quote
     *     it
     */
    private ProxyVariables(Map<String, String> environment) {
        for (String scheme : SCHEMES) {
            HttpProxy proxy = proxy(scheme + "_proxy", environment);
            if (proxy != null) {
                proxies.put(scheme, proxy);
            }
        }
        String without = value("no_proxy", environment);
        exceptions = without == null
                ? List.of()
                : Stream.of(without.split("[,\\s]+", -1))
                        .filter(one -> !one.isEmpty())
                        .map(one -> one.toLowerCase(Locale.ROOT))
                        .toList();
    }

    /**
     * Reads the variables.
     *
     * @throws IllegalArgumentException if one is invalid; the message names it and quotes nothing
     */
    public static ProxyVariables of(Map<String, String> environment) {
        return new ProxyVariables(environment);
    }

    /** Reads the variables of this process. */
    public static ProxyVariables ofProcess() {
        return of(System.getenv());
    }

    /**
     * Configures the HTTP client for a manager: with these proxies, over HTTP/1.1, without redirects.
     *
     * @param timeout the limit for connecting
     */
    public HttpClient.Builder client(Duration timeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .proxy(this);
    }

    /**
     * Sets the header that authenticates us to the proxy for {@code url}, if any. The JDK's client sends it only to the
     * proxy. With an {@link java.net.Authenticator}, it would drop our own {@code Authorization}.
     */
    public void authorize(URI url, BiConsumer<String, String> field) {
        HttpProxy proxy = proxyFor(url);
        if (proxy != null && proxy.login() != null) {
            field.accept(
                    "Proxy-Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(proxy.login().getBytes(UTF_8)));
        }
    }

    /** The proxy for {@code url}, or null for none. */
    @Nullable
    HttpProxy proxyFor(URI url) {
        HttpProxy proxy = proxies.get(url.getScheme().toLowerCase(Locale.ROOT));
        return proxy == null || isDirect(url) ? null : proxy;
    }

    /** Without the variables, the JVM's own properties apply, such as {@code https.proxyHost}. */
    @Override
    public List<Proxy> select(URI url) {
        if (proxies.isEmpty() && ProxySelector.getDefault() != null) {
            return ProxySelector.getDefault().select(url);
        }
        HttpProxy proxy = proxyFor(url);
        return List.of(
                proxy == null
                        ? Proxy.NO_PROXY
                        : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
    }

    @Override
    public void connectFailed(URI url, SocketAddress address, IOException failure) {
        // The client reports it.
    }

    private boolean isDirect(URI url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        if (UrlSetting.isLoopback(url) || METADATA.contains(host)) {
            return true;
        }
        byte[] address = address(host);
        if (address != null && isOfThisMachine(address)) {
            return true;
        }
        int port =
                url.getPort() >= 0 ? url.getPort() : url.getScheme().equalsIgnoreCase("https") ? HTTPS_PORT : HTTP_PORT;
        return exceptions.stream().anyMatch(exception -> matches(exception, host, port, address));
    }

    private static boolean isOfThisMachine(byte[] address) {
        try {
            InetAddress known = InetAddress.getByAddress(address);
            return known.isLoopbackAddress() || known.isLinkLocalAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of four or sixteen bytes", e);
        }
    }

    private static boolean matches(String exception, String host, int port, byte @Nullable [] address) {
        if (exception.equals("*")) {
            return true;
        }
        int slash = exception.indexOf('/');
        if (slash >= 0) {
            return address != null && isWithin(address, exception.substring(0, slash), exception.substring(slash + 1));
        }
        String wanted = exception;
        int colon = wanted.lastIndexOf(':');
        // Only an IPv6 address with a port is in brackets.
        if (colon >= 0 && (wanted.indexOf(':') == colon || wanted.charAt(colon - 1) == ']')) {
            if (!wanted.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            wanted = wanted.substring(0, colon);
        }
        byte[] one = address(wanted);
        if (one != null || address != null) {
            return Arrays.equals(one, address);
        }
        String domain = wanted.replaceFirst("^\\*?\\.", "");
        return host.equals(domain) || host.endsWith("." + domain);
    }

    private static boolean isWithin(byte[] address, String network, String length) {
        byte[] first = address(network);
        if (first == null || first.length != address.length || !length.matches("[0-9]{1,3}")) {
            return false;
        }
        int bits = Integer.parseInt(length);
        for (int i = 0; i < address.length && bits > 0; i++, bits -= 8) {
            int mask = bits >= 8 ? 0xff : 0xff << (8 - bits) & 0xff;
            if ((first[i] & mask) != (address[i] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of an address, which may be in brackets, or null if it is not an address. */
    private static byte @Nullable [] address(String host) {
        return NetUtil.createByteArrayFromIpAddressString(host);
    }

    private static @Nullable HttpProxy proxy(String variable, Map<String, String> environment) {
        String text = value(variable, environment);
        if (text == null) {
            return null;
        }
        try {
            URI url = URI.create(text.contains("://") ? text : "http://" + text);
            boolean bare = url.getRawPath().matches("/?") && url.getRawQuery() == null && url.getRawFragment() == null;
            if ("http".equalsIgnoreCase(url.getScheme()) && url.getHost() != null && bare) {
                return HttpProxy.of(url);
            }
        } catch (IllegalArgumentException e) {
            // The message of the exception quotes the URL, which may hold a password.
        }
        throw new IllegalArgumentException(variable.toUpperCase(Locale.ROOT)
                + ": must be the http URL of a proxy, such as http://proxy.example:3128");
    }

    /** Like in curl, the lower-case variable takes precedence. */
    private static @Nullable String value(String variable, Map<String, String> environment) {
        return Stream.of(variable, variable.toUpperCase(Locale.ROOT))
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .map(String::strip)
                .findFirst()
                .orElse(null);
    }

    /**
     * A proxy.
     *
     * @param login the user and password, separated by a colon, or null if the proxy needs none
     */
    record HttpProxy(String host, int port, @Nullable String login) {
        static HttpProxy of(URI url) {
            return new HttpProxy(url.getHost(), url.getPort() >= 0 ? url.getPort() : HTTP_PORT, url.getUserInfo());
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}
