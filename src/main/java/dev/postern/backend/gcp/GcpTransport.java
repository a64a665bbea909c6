package dev.postern.backend.gcp;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import dev.postern.net.BoundedBody;
import dev.postern.net.Exchanges;
import dev.postern.net.ProxyVariables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Carries the requests of Google's libraries. Their own transport waits for a dripping body regardless of deadline and
 * interrupts. Here, an exchange ends at its deadline or on an interrupt.
 */
final class GcpTransport extends HttpTransport {
    private static final int MAX_BYTES = 1 << 20;
    /** The library's default timeout, in milliseconds. */
    private static final int LIBRARYS_OWN = 20_000;
    /** A compressed body could be larger than it looks. */
    private static final Set<String> NOT_SENT = Set.of("accept-encoding");
    /** Google does not redirect, and the libraries would follow. */
    private static final Set<String> NOT_RECEIVED = Set.of("location");

    private final HttpClient http;
    private final Duration timeout;
    private final ProxyVariables proxies;

    /** @param timeout the limit for one exchange, up to its last byte */
    GcpTransport(Duration timeout, ProxyVariables proxies) {
        this.timeout = timeout;
        this.proxies = proxies;
        this.http = proxies.client(timeout).build();
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        return new Exchange(method, URI.create(url));
    }

    private final class Exchange extends LowLevelHttpRequest {
        private final String method;
        private final HttpRequest.Builder request;
        private long millis = timeout.toMillis();

        Exchange(String method, URI uri) {
            this.method = method;
            this.request = HttpRequest.newBuilder(uri);
            proxies.authorize(uri, request::header);
        }

        @Override
        public void addHeader(String name, String value) {
            if (!NOT_SENT.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, value);
            }
        }

        /** The library waits less for a metadata server, which may not exist. */
        @Override
        public void setTimeout(int connectTimeout, int readTimeout) {
            if (connectTimeout > 0 && connectTimeout < LIBRARYS_OWN) {
                millis = Math.min(millis, connectTimeout);
            }
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            if (getContentType() != null) {
                request.header("Content-Type", getContentType());
            }
            request.method(method, HttpRequest.BodyPublishers.ofByteArray(content()));
            HttpResponse<byte[]> answer = Exchanges.await(
                    http.sendAsync(request.build(), info -> new BoundedBody(MAX_BYTES)), Duration.ofMillis(millis));
            return new GcpAnswer(answer.statusCode(), fields(answer), answer.body());
        }

        private byte[] content() throws IOException {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            if (getStreamingContent() != null) {
                getStreamingContent().writeTo(content);
            }
            return content.toByteArray();
        }
    }

    private static List<Map.Entry<String, String>> fields(HttpResponse<?> answer) {
        return answer.headers().map().entrySet().stream()
                .filter(field -> !NOT_RECEIVED.contains(field.getKey().toLowerCase(Locale.ROOT)))
                .flatMap(field -> field.getValue().stream().map(value -> Map.entry(field.getKey(), value)))
                .toList();
    }
}
