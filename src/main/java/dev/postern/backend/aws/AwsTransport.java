package dev.postern.backend.aws;

import dev.postern.net.BoundedBody;
import dev.postern.net.Exchanges;
import dev.postern.net.ProxyVariables;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Carries the SDK's requests. The SDK's own client for the JDK buffers bodies of any size, and sends the proxy's
 * password to the server.
 */
final class AwsTransport implements SdkHttpClient {
    /** Several times the size of the largest secret. */
    private static final int MAX_BYTES = 1 << 20;
    /** Set by the JDK's client itself. */
    private static final Set<String> NOT_SENT =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding");

    private final HttpClient http;
    private final Duration timeout;
    private final ProxyVariables proxies;

    /** @param timeout the limit for one exchange, up to its last byte */
    AwsTransport(Duration timeout, ProxyVariables proxies) {
        this.timeout = timeout;
        this.proxies = proxies;
        this.http = proxies.client(timeout).build();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Exchange(request);
    }

    @Override
    public String clientName() {
        return "Jdk";
    }

    @Override
    public void close() {
        // The JDK's client ends once it is no longer referenced.
    }

    private final class Exchange implements ExecutableHttpRequest {
        private final HttpExecuteRequest asked;
        private volatile @Nullable CompletableFuture<HttpResponse<byte[]>> sent;

        Exchange(HttpExecuteRequest asked) {
            this.asked = asked;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            CompletableFuture<HttpResponse<byte[]>> exchange =
                    http.sendAsync(request(), info -> new BoundedBody(MAX_BYTES));
            sent = exchange;
            return translate(Exchanges.await(exchange, timeout));
        }

        @Override
        public void abort() {
            CompletableFuture<HttpResponse<byte[]>> underWay = sent;
            if (underWay != null) {
                underWay.cancel(true);
            }
        }

        private HttpRequest request() throws IOException {
            SdkHttpRequest from = asked.httpRequest();
            HttpRequest.Builder request = HttpRequest.newBuilder(from.getUri());
            from.forEachHeader((name, values) -> {
                if (!NOT_SENT.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            proxies.authorize(from.getUri(), request::header);
            return request.method(from.method().name(), HttpRequest.BodyPublishers.ofByteArray(content()))
                    .build();
        }

        private byte[] content() throws IOException {
            ContentStreamProvider content = asked.contentStreamProvider().orElse(null);
            if (content == null) {
                return new byte[0];
            }
            try (InputStream in = content.newStream()) {
                return in.readAllBytes();
            }
        }
    }

    private static HttpExecuteResponse translate(HttpResponse<byte[]> answer) {
        return HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder()
                        .statusCode(answer.statusCode())
                        .headers(answer.headers().map())
                        .build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(answer.body())))
                .build();
    }
}
