package dev.postern.api;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;

/** Answers what the management port has no answer for, so that there, too, every error is a problem body. */
final class ManagementProblems {
    void register(@Observes ManagementInterface management) {
        management.router().route().last().handler(context -> answer(context, ProblemType.NOT_FOUND));
        management.router().errorHandler(400, context -> answer(context, ProblemType.INVALID_REQUEST));
        management.router().errorHandler(405, context -> answer(context, ProblemType.METHOD_NOT_ALLOWED));
        management.router().errorHandler(500, context -> answer(context, ProblemType.INTERNAL_ERROR));
    }

    private static void answer(RoutingContext context, ProblemType type) {
        context.response()
                .setStatusCode(type.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Problem.of(type).body(RequestId.of(context.request().getHeader(RequestId.HEADER))));
    }
}
