package dev.postern.api;

import dev.postern.audit.AuditEvent.Action;
import dev.postern.caller.Authenticator;
import dev.postern.caller.Caller;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.util.List;
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
        refuse(exchange, problems.of(exchange, failure));
    }

    /**
     * Answers a request for secrets with a problem, and has a line in the audit log say so for each secret that it
     * asked for. What has no canonical name is not repeated there.
     */
    void refuse(Exchange exchange, Problem problem) {
        String path = exchange.request().path();
        List<Access> accesses = List.of();
        try {
            if (path.startsWith(SecretHandler.PREFIX)) {
                exchange.askedAtLeast(
                        catalog.canonical(SecretRef.parsePath(path.substring(SecretHandler.PREFIX.length()))));
            } else {
                accesses = BulkQuery.parse(exchange.request().query()).values().stream()
                        .map(asked -> refused(catalog.canonical(asked), problem))
                        .toList();
            }
        } catch (InvalidReferenceException e) {
            // One line without a name says it.
        }
        if (accesses.isEmpty()) {
            exchange.fail(Action.READ, problem);
        } else {
            exchange.answerAll(accesses, () -> exchange.write(problem));
        }
    }

    private static Access refused(SecretRef asked, Problem problem) {
        Access access = new Access();
        access.asked(asked);
        access.failed(problem);
        return access;
    }
}
