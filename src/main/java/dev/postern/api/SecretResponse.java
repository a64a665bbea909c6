package dev.postern.api;

import dev.postern.api.MediaTypes.Representation;
import dev.postern.audit.AuditEvent.Action;
import dev.postern.cache.Lookup;
import dev.postern.secret.Address;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretRef;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A secret in the representation that its caller accepts. */
final class SecretResponse {
    private static final CharSequence AGE = HttpHeaders.createOptimized("Age");
    private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("Cache-Status");

    private static final List<Representation> OFFERS =
            List.of(Representation.JSON, Representation.TEXT, Representation.BYTES);

    private final SecretRef asked;
    private final Representation representation;

    private SecretResponse(SecretRef asked, Representation representation) {
        this.asked = asked;
        this.representation = representation;
    }

    /** @throws ProblemException if the caller accepts no representation there is */
    static SecretResponse negotiate(Exchange exchange, SecretRef asked) {
        return new SecretResponse(
                asked, MediaTypes.choose(exchange.request().headers().getAll(HttpHeaders.ACCEPT), OFFERS));
    }

    /** Whether the caller says that it has {@code secret} in this representation. */
    boolean isKnown(Exchange exchange, Secret secret) {
        List<String> known = exchange.request().headers().getAll(HttpHeaders.IF_NONE_MATCH);
        return !known.isEmpty() && EntityTags.matches(known, entityTag(secret));
    }

    /**
     * Sends {@code secret}, which is what was looked up or a field of it.
     *
     * @throws ProblemException if it is binary and the caller wants text
     */
    void send(Exchange exchange, Address address, Lookup lookup, Secret secret) {
        if (representation == Representation.TEXT && !secret.isText()) {
            throw new ProblemException(Problem.of(
                    ProblemType.NOT_ACCEPTABLE,
                    "The secret is binary: there are application/json and application/octet-stream."));
        }
        String tag = entityTag(secret);
        boolean known = EntityTags.matches(exchange.request().headers().getAll(HttpHeaders.IF_NONE_MATCH), tag);
        exchange.succeed(Action.READ, known ? 304 : 200, () -> {
            MultiMap headers = exchange.response().headers();
            headers.add(AGE, Long.toString(TimeUnit.NANOSECONDS.toSeconds(lookup.ageNanos())));
            headers.add(CACHE_STATUS, cacheStatus(lookup));
            headers.add(HttpHeaders.ETAG, tag);
            if (known) {
                exchange.writeNothing(304);
            } else {
                headers.add(HttpHeaders.CONTENT_TYPE, representation.contentType());
                exchange.write(body(address, lookup, secret));
            }
        });
    }

    /** Weak for JSON, which tells when the secret was fetched beside what it is. */
    private String entityTag(Secret secret) {
        String tag = '"' + secret.tag() + '-' + representation.tag() + '"';
        return representation == Representation.JSON ? "W/" + tag : tag;
    }

    private static String cacheStatus(Lookup lookup) {
        return switch (lookup.status()) {
            case HIT -> "postern; hit; ttl=" + TimeUnit.NANOSECONDS.toSeconds(lookup.ttlNanos());
            case STALE -> "postern; hit; ttl=" + TimeUnit.NANOSECONDS.toSeconds(lookup.ttlNanos()) + "; detail=stale";
            case COLLAPSED -> "postern; fwd=miss; collapsed";
            case REFRESH -> "postern; fwd=request";
            case MISS, NONE -> "postern; fwd=miss";
        };
    }

    private Buffer body(Address address, Lookup lookup, Secret secret) {
        if (representation != Representation.JSON) {
            return Buffer.buffer(secret.value());
        }
        return Json.write(json -> SecretJson.write(json, asked, address, lookup, secret));
    }
}
