package dev.postern.api.listener;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.api.problem.Problem;
import io.quarkus.micrometer.runtime.export.handlers.PrometheusHandler;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.Set;

/** Guards the management port, serves nothing there but {@link #PATHS}, and makes its errors problem bodies too. */
final class ManagementProblems {
    private static final String METRICS = "/metrics";
    private static final Set<String> PATHS = Set.of("/health/live", "/health/ready", "/health/started", METRICS);

    void register(@Observes ManagementInterface management, HttpConfig config) {
        Router router = management.router();
        // The framework's routes for every path let any web page read the answers (CORS), and read bodies.
        router.getRoutes().stream().filter(route -> route.getPath() == null).forEach(Route::remove);
        first(router.route())
                .handler(ManagementProblems::refuseBody)
                .failureHandler(ManagementProblems::refuseMalformed);
        // While only this machine can reach the port, no client needs another host name or a proxy. Once it is opened,
        // the kubelet and Prometheus use any name of the pod. It never serves a secret.
        if (isLoopback(config)) {
            first(router.route()).handler(ManagementProblems::guard);
        }
        first(router.route()).handler(ManagementProblems::refuseUnknown);
        // The framework's route refuses a client that accepts only OpenMetrics, and quotes the client in the answer.
        first(router.route(METRICS)).blockingHandler(new PrometheusHandler(false, Optional.empty()), false);
        router.errorHandler(400, context -> answer(context, FaultCode.INVALID_REQUEST));
        router.errorHandler(500, context -> answer(context, FaultCode.INTERNAL_ERROR));
    }

    private static Route first(Route route) {
        return route.order(Integer.MIN_VALUE);
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

    /** The framework serves more paths, and every method. */
    private static void refuseUnknown(RoutingContext context) {
        HttpMethod method = context.request().method();
        if (!PATHS.contains(String.valueOf(context.request().path()))) {
            answer(context, FaultCode.NOT_FOUND);
        } else if (!HttpMethod.GET.equals(method) && !HttpMethod.HEAD.equals(method)) {
            answer(context, FaultCode.METHOD_NOT_ALLOWED);
        } else {
            context.next();
        }
    }

    private static void refuse(RoutingContext context, FaultCode code) {
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        context.addEndHandler(ended -> context.request().connection().close());
        answer(context, code);
    }

    private static void answer(RoutingContext context, FaultCode code) {
        Fault fault = Fault.of(code);
        Problem.headers(fault, "").forEach(context.response().headers()::set);
        context.response()
                .setStatusCode(Problem.status(fault))
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Problem.body(fault, RequestId.of(context.request().getHeader(RequestId.HEADER))));
    }
}
