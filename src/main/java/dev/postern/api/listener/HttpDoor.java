package dev.postern.api.listener;

/** What answers the requests that a listener accepts, on their event loops. */
public interface HttpDoor {
    /** Answers a request, now or later. */
    void handle(HttpExchange exchange);

    /** As how many requests one with this target counts: it takes as much memory as so many. */
    int weight(String path, String query);

    /** Answers requests that wait for something, and lets none wait from now on. */
    void endWaits();
}
