package dev.postern.api;

import dev.postern.audit.AuditEvent.Action;
import dev.postern.caller.Authenticator;
import dev.postern.caller.Caller;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.util.function.BiConsumer;

/** Lets a request for secrets go on, on its event loop, once it is known who sends it. */
@Singleton
final class Admission {
    private final Authenticator authenticator;
    private final Catalog catalog;
    private final Problems problems;

    Admission(Authenticator authenticator, Catalog catalog, Problems problems) {
        this.authenticator = authenticator;
        this.catalog = catalog;
        this.problems = problems;
    }

    /** Has {@code next} handle the request, or answers it itself. */
    void admit(Exchange exchange, BiConsumer<Exchange, Caller> next) {
        attempt(exchange, () -> {
            Caller peer = exchange.peer();
            String authorization = exchange.request().getHeader(HttpHeaders.AUTHORIZATION);
            Caller caller = authenticator.authenticateNow(peer, authorization);
            if (caller != null) {
                goOn(exchange, caller, next);
                return;
            }
            authenticator
                    .authenticate(peer, authorization)
                    .whenComplete((known, failure) -> exchange.resume(() -> attempt(exchange, () -> {
                        if (failure != null) {
                            fail(exchange, failure);
                        } else {
                            goOn(exchange, known, next);
                        }
                    })));
        });
    }

    private static void goOn(Exchange exchange, Caller caller, BiConsumer<Exchange, Caller> next) {
        exchange.authenticated(caller);
        next.accept(exchange, caller);
    }

    /** Runs a step of the way to the answer; what it throws is the answer. */
    void attempt(Exchange exchange, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            fail(exchange, failure);
        }
    }

    void fail(Exchange exchange, Throwable failure) {
        name(exchange);
        exchange.fail(Action.READ, problems.of(exchange, failure));
    }

    /** Has the audit line of a request that is refused say what it asked for, if that is one canonical name. */
    void name(Exchange exchange) {
        String path = exchange.request().path();
        if (path == null || !path.startsWith(SecretHandler.PREFIX)) {
            return;
        }
        try {
            exchange.askedAtLeast(
                    catalog.canonical(SecretRef.parsePath(path.substring(SecretHandler.PREFIX.length()))));
        } catch (InvalidReferenceException e) {
            // What is not canonical is not repeated.
        }
    }
}
