package dev.postern.api.listener;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Predicate;

/** What answers the requests that a listener accepts, on their event loops. */
public interface HttpDoor {
    /** @param own tells whether a {@code Host} is one of the listener's own */
    void handle(HttpServerRequest request, Predicate<String> own);

    /** Answers what is not HTTP, or too much of it; the server closes the connection afterwards. */
    void handleInvalid(HttpServerRequest request);

    /** Lets no more connections in, ends waits, and has all requests answered, for {@code longest} at the most. */
    void drain(Duration longest);
}
