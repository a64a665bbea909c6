package dev.postern.api;

import static java.util.Objects.requireNonNull;

import dev.postern.access.Access;
import dev.postern.access.Answer;
import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import dev.postern.access.Inquiry;
import dev.postern.access.Read;
import dev.postern.api.listener.HttpExchange;
import dev.postern.api.media.EntityTags;
import dev.postern.api.media.Json;
import dev.postern.api.media.MediaTypes;
import dev.postern.api.media.MediaTypes.Representation;
import dev.postern.api.media.SecretJson;
import dev.postern.cache.Lookup;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretRef;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code /secrets/{name}}: the hot path. */
final class SingleRead extends SecretsRequest {
    private static final CharSequence AGE = HttpHeaders.createOptimized("Age");
    private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("Cache-Status");
    /** Estimated bytes of a response, not counting the value. */
    private static final int OVERHEAD_BYTES = 512;

    private static final List<Representation> OFFERS =
            List.of(Representation.JSON, Representation.TEXT, Representation.BYTES);

    private final Inquiry inquiry;
    private @Nullable Representation representation;

    SingleRead(HttpExchange exchange, String challenge, String name) {
        super(exchange, challenge);
        this.inquiry = inquiry(name, exchange.request().query());
    }

    /** If only the name is valid, the inquiry still names the secret, for the audit log. */
    private Inquiry inquiry(String name, @Nullable String query) {
        SecretRef asked = null;
        try {
            asked = SecretRef.parsePath(name);
            Query parsed = Query.parse(query);
            asked = asked.with(parsed.property(), parsed.version());
            representation = MediaTypes.choose(fields(HttpHeaders.ACCEPT), OFFERS);
            boolean waits = !parsed.waiting().isZero()
                    && !fields(HttpHeaders.IF_NONE_MATCH).isEmpty();
            return Inquiry.read(
                    asked, parsed.refresh(), waits ? new Inquiry.Wait(parsed.waiting(), this::isKnown) : null);
        } catch (InvalidReferenceException e) {
            return invalid(asked, Fault.of(e));
        } catch (FaultException e) {
            return invalid(asked, e.fault());
        }
    }

    private static Inquiry invalid(@Nullable SecretRef asked, Fault fault) {
        return Inquiry.read(asked == null ? List.of() : List.of(asked)).invalid(fault);
    }

    @Override
    public Inquiry inquiry() {
        return inquiry;
    }

    /** Whether the caller already has {@code secret} in this representation. */
    private boolean isKnown(Secret secret) {
        return isKnown(entityTag(secret));
    }

    private boolean isKnown(String tag) {
        return EntityTags.matches(fields(HttpHeaders.IF_NONE_MATCH), tag);
    }

    @Override
    public Answer answer(Access access) {
        Read read = access.reads().get(0);
        Fault fault = read.fault();
        if (fault != null) {
            return new Answer(status(fault), () -> refuse(fault));
        }
        Secret secret = read.secret();
        if (representation == Representation.TEXT && !secret.isText()) {
            throw new FaultException(Fault.of(
                    FaultCode.NOT_ACCEPTABLE,
                    "The secret is binary: accept application/json or application/octet-stream."));
        }
        exchange().reserve(secret.value().length + OVERHEAD_BYTES);
        String tag = entityTag(secret);
        boolean known = isKnown(tag);
        return new Answer(known ? 304 : 200, () -> send(read, secret, tag, known));
    }

    private void send(Read read, Secret secret, String tag, boolean known) {
        Lookup lookup = read.lookup();
        MultiMap headers = exchange().headers();
        headers.add(AGE, Long.toString(TimeUnit.NANOSECONDS.toSeconds(lookup.ageNanos())));
        headers.add(CACHE_STATUS, cacheStatus(lookup));
        headers.add(HttpHeaders.ETAG, tag);
        if (known) {
            exchange().writeNothing(304);
        } else {
            write(200, requireNonNull(representation).contentType(), body(read, secret));
        }
    }

    /**
     * Weak for JSON, whose body also holds the time of the fetch (<a
     * href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1">RFC 9110, 8.8.1</a>).
     */
    private String entityTag(Secret secret) {
        String tag = '"' + secret.tag() + '-' + requireNonNull(representation).tag() + '"';
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

    private Buffer body(Read read, Secret secret) {
        if (representation != Representation.JSON) {
            return Buffer.buffer(secret.value());
        }
        return Json.write(secret.value().length + OVERHEAD_BYTES, json -> SecretJson.write(json, read));
    }
}
