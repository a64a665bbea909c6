package dev.postern.api.listener;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.PercentEncoding;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Refuses requests that a workload on the same machine would not send, before anything else looks at them. */
public final class Guard {
    private static final String FORWARDED_PREFIX = "x-forwarded-";

    private static final int MAX_FIELDS = 100;

    private Guard() {}

    /**
     * The fault of the request, or null if it has none.
     *
     * @param own whether a {@code Host} is one of the listener's own
     */
    static @Nullable Fault check(HttpServerRequest request, Predicate<String> own) {
        if (request.version() == null) {
            return Fault.of(FaultCode.INVALID_REQUEST, "Only HTTP/1.1 is supported.")
                    .because("http-version");
        }
        if (!isPath(request.uri())) {
            return Fault.of(FaultCode.INVALID_REQUEST, "The request target must be a path in ASCII.")
                    .because("request-target");
        }
        MultiMap headers = request.headers();
        if (hasTooManyFields(request)) {
            return Fault.of(FaultCode.HEADERS_TOO_LARGE).because("fields");
        }
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (hosts.size() != 1) {
            return Fault.of(FaultCode.INVALID_REQUEST, "The request must have exactly one Host header.")
                    .because("host");
        }
        if (!own.test(hosts.get(0))) {
            return Fault.of(FaultCode.MISDIRECTED).because("host");
        }
        int proofs = 0;
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase("Authorization") && ++proofs > 1) {
                return Fault.of(FaultCode.INVALID_REQUEST, "The request must have at most one Authorization header.")
                        .because("authorization");
            }
            if (isRefused(header.getKey(), header.getValue())) {
                return Fault.of(FaultCode.REFUSED).because("forwarded-or-cross-site");
            }
        }
        return null;
    }

    private static boolean isPath(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return target.startsWith("/");
    }

    private static boolean isRefused(String name, String value) {
        return switch (name.isEmpty() ? 0 : name.charAt(0) | 0x20) {
            case 'f' -> name.equalsIgnoreCase("Forwarded");
            case 'v' -> name.equalsIgnoreCase("Via");
            case 'o' -> name.equalsIgnoreCase("Origin");
            case 's' -> name.equalsIgnoreCase("Sec-Fetch-Site") && !value.equals("none");
            case 'x' ->
                name.equalsIgnoreCase("X-Real-IP")
                        || name.regionMatches(true, 0, FORWARDED_PREFIX, 0, FORWARDED_PREFIX.length());
            default -> false;
        };
    }

    /** Why the request cannot read secrets, or null if it can. */
    public static @Nullable Fault checkRead(HttpServerRequest request) {
        HttpMethod method = request.method();
        if (!HttpMethod.GET.equals(method) && !HttpMethod.HEAD.equals(method)) {
            return Fault.of(FaultCode.METHOD_NOT_ALLOWED);
        }
        if (!isDecodable(request.query())) {
            return Fault.of(FaultCode.INVALID_REQUEST, "The query has a malformed percent escape.")
                    .because("query");
        }
        if (hasBody(request)) {
            return Fault.of(FaultCode.INVALID_REQUEST, "A request for secrets must not have a body.")
                    .because("body");
        }
        return null;
    }

    /** Checked here because the framework's own response to such a query has no body. */
    private static boolean isDecodable(@Nullable String query) {
        try {
            if (query != null) {
                PercentEncoding.decode(query);
            }
            return true;
        } catch (InvalidReferenceException e) {
            return false;
        }
    }

    static boolean hasTooManyFields(HttpServerRequest request) {
        int fields = 0;
        for (Map.Entry<String, String> ignored : request.headers()) {
            if (++fields > MAX_FIELDS) {
                return true;
            }
        }
        return false;
    }

    /** Whether the request has a body, or another parser could see one. */
    static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return (length != null && !length.equals("0")) || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }
}
