package dev.postern.backend.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.Causes;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/**
 * Ends every exchange, its body included, when its time is over or the calling thread is interrupted. The SDK's own
 * timeouts are those of one read from the socket, so that an answer that drips never ends.
 */
final class DeadlineHttpClient implements HttpClient {
    private final HttpClient client;
    private final Duration timeout;

    DeadlineHttpClient(HttpClient client, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return send(request, Context.NONE);
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request, Context context) {
        return Mono.fromCallable(() -> sendSync(request, context));
    }

    /** @throws BackendException if there is no whole answer */
    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        try {
            return client.send(request, context)
                    .map(HttpResponse::buffer)
                    .flatMap(answer -> answer.getBodyAsByteArray().thenReturn(answer))
                    .blockOptional(timeout)
                    .orElseThrow();
        } catch (RuntimeException e) {
            throw translate(request.getUrl().getHost(), e);
        }
    }

    private static RuntimeException translate(String host, RuntimeException failure) {
        if (Causes.has(failure, TimeoutException.class)
                || Causes.has(failure, HttpTimeoutException.class)
                || Causes.has(failure, InterruptedException.class)) {
            return new BackendTimeoutException(host + " does not answer in time");
        }
        IOException broken = Causes.find(failure, IOException.class);
        return broken == null
                ? failure
                : new BackendUnavailableException(host + " cannot be reached: " + broken, broken);
    }
}
