package dev.postern.api.listener;

/** Answers the requests that a listener accepts, on their event loops. */
public interface HttpDoor {
    /** Answers a request, now or later. */
    void handle(HttpExchange exchange);

    /** How many requests a request with this target counts as, because it takes that much memory. */
    int weight(String path, String query);

    /** Answers waiting requests. From now on, no request waits. */
    void endWaits();
}
