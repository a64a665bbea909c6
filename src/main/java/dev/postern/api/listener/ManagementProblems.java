package dev.postern.api.listener;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.api.problem.Problem;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;

/** Guards the management port, and makes its errors problem bodies too. */
final class ManagementProblems {
    void register(@Observes ManagementInterface management, HttpConfig config) {
        management
                .router()
                .route()
                .order(Integer.MIN_VALUE)
                .handler(ManagementProblems::refuseBody)
                .failureHandler(ManagementProblems::refuseMalformed);
        // While only this machine can reach the port, no client needs another host name or a proxy. Once it is opened,
        // the kubelet and Prometheus use any name of the pod. It never serves a secret.
        if (isLoopback(config)) {
            management.router().route().order(Integer.MIN_VALUE).handler(ManagementProblems::guard);
        }
        management.router().route().last().handler(context -> answer(context, FaultCode.NOT_FOUND));
        management.router().errorHandler(400, context -> answer(context, FaultCode.INVALID_REQUEST));
        management.router().errorHandler(405, context -> answer(context, FaultCode.METHOD_NOT_ALLOWED));
        management.router().errorHandler(500, context -> answer(context, FaultCode.INTERNAL_ERROR));
    }

    private static boolean isLoopback(HttpConfig config) {
        try {
            return HttpSettings.managementAddress(config).isLoopbackAddress();
        } catch (IllegalStateException unresolved) {
            // The check of all settings reports it, and no port is opened.
            return false;
        }
    }

    /** No endpoint here takes a body, and two parsers could disagree on where one ends. */
    private static void refuseBody(RoutingContext context) {
        Connection connection =
                Connections.of(VertxChannels.of(context.request().connection()));
        if (connection != null) {
            connection.requested();
            context.addEndHandler(ended -> connection.answered());
        }
        if (connection != null && context.response().writeQueueFull()) {
            connection.close("unread");
        } else if (Guard.hasBody(context.request())) {
            refuse(context, FaultCode.INVALID_REQUEST);
        } else if (Guard.hasTooManyFields(context.request())) {
            refuse(context, FaultCode.HEADERS_TOO_LARGE);
        } else {
            context.next();
        }
    }

    /** Without this, a request without a Host gets no problem body, and is logged as our error. */
    private static void refuseMalformed(RoutingContext context) {
        if (context.statusCode() == Problem.status(Fault.of(FaultCode.INVALID_REQUEST))) {
            refuse(context, FaultCode.INVALID_REQUEST);
        } else {
            context.next();
        }
    }

    private static void guard(RoutingContext context) {
        Fault refusal = Guard.check(context.request(), LoopbackHost::matches);
        if (refusal == null) {
            context.next();
        } else {
            refuse(context, refusal.code());
        }
    }

    private static void refuse(RoutingContext context, FaultCode code) {
        context.addEndHandler(ended -> context.request().connection().close());
        answer(context, code);
    }

    private static void answer(RoutingContext context, FaultCode code) {
        Fault fault = Fault.of(code);
        context.response()
                .setStatusCode(Problem.status(fault))
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Problem.body(fault, RequestId.of(context.request().getHeader(RequestId.HEADER))));
    }
}
