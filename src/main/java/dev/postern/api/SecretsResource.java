package dev.postern.api;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** {@code GET /secrets} without a query. Only this listing goes through the framework; reads do not. */
@Path("/secrets")
public class SecretsResource {
    private final RestListing listing;

    SecretsResource(RestListing listing) {
        this.listing = listing;
    }

    /** Lists the names of the aliases that the caller may read. */
    @GET
    @NonBlocking
    public Uni<Response> list() {
        return listing.list();
    }
}
