package dev.postern.api;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** {@code GET /secrets} without a query: the collection. Secrets themselves do not go through the framework. */
@Path("/secrets")
public class SecretsResource {
    private final RestListing listing;

    SecretsResource(RestListing listing) {
        this.listing = listing;
    }

    /** Lists the aliases that the caller may read, names only. */
    @GET
    @NonBlocking
    public Uni<Response> list() {
        return listing.list();
    }
}
