package dev.postern.backend.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.Causes;
import dev.postern.net.ProxyVariables;
import dev.postern.net.TooLargeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/**
 * Ends an exchange, including its body, at its deadline, on an interrupt, or if it grows too large. The SDK's own
 * timeouts apply to single reads from the socket, so that a dripping response would never end.
 */
final class DeadlineHttpClient implements HttpClient {
    /** Several times the size of the largest secret. */
    private static final int MAX_BYTES = 1 << 20;

    private final HttpClient client;
    private final Duration timeout;
    private final ProxyVariables proxies;

    DeadlineHttpClient(HttpClient client, Duration timeout, ProxyVariables proxies) {
        this.client = client;
        this.timeout = timeout;
        this.proxies = proxies;
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return send(request, Context.NONE);
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request, Context context) {
        return Mono.fromCallable(() -> sendSync(request, context));
    }

    /** @throws BackendException if there is no complete response */
    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        try {
            proxies.authorize(
                    request.getUrl().toURI(),
                    (name, value) -> request.setHeader(HttpHeaderName.fromString(name), value));
            return client.send(request, context)
                    .flatMap(answer -> whole(request, answer))
                    .blockOptional(timeout)
                    .orElseThrow();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a request of the SDK has no URL", e);
        } catch (RuntimeException e) {
            throw translate(request.getUrl().getHost(), e);
        }
    }

    private static Mono<HttpResponse> whole(HttpRequest request, HttpResponse answer) {
        return answer.getBody()
                .collect(ByteArrayOutputStream::new, DeadlineHttpClient::keep)
                .map(body -> new WholeAnswer(request, answer.getStatusCode(), body.toByteArray(), answer.getHeaders()));
    }

    private static void keep(ByteArrayOutputStream body, ByteBuffer part) {
        if (body.size() + part.remaining() > MAX_BYTES) {
            throw Exceptions.propagate(new TooLargeException(MAX_BYTES));
        }
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        body.writeBytes(bytes);
    }

    private static RuntimeException translate(String host, RuntimeException failure) {
        if (Causes.has(failure, TimeoutException.class)
                || Causes.has(failure, HttpTimeoutException.class)
                || Causes.has(failure, InterruptedException.class)) {
            return new BackendTimeoutException(host + " did not answer in time");
        }
        TooLargeException tooLarge = Causes.find(failure, TooLargeException.class);
        if (tooLarge != null) {
            return new BackendErrorException(host + ": " + tooLarge.getMessage());
        }
        IOException broken = Causes.find(failure, IOException.class);
        return broken == null
                ? failure
                : new BackendUnavailableException(host + " cannot be reached: " + broken, broken);
    }
}
