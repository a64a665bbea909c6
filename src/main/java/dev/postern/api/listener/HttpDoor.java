package dev.postern.api.listener;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Answers the requests that a listener accepts, on their event loops. */
public interface HttpDoor {
    /** Its name in the audit log, or null for Postern's own API. */
    default @Nullable String interfaceName() {
        return null;
    }

    /** Answers a request, now or later. */
    void handle(HttpExchange exchange);

    /** How many bytes the body of this request may have, or 0 if its body is not used. */
    default int maxBody(HttpServerRequest request) {
        return 0;
    }

    /** How many requests a request with this target counts as, because it takes that much memory. */
    default int weight(String path, String query) {
        return 1;
    }

    /** Answers waiting requests. From now on, no request waits. */
    default void endWaits() {}
}
