package dev.postern.api;

import dev.postern.audit.AuditEvent.Action;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers of REST resources, recorded before they leave. */
@Singleton
final class RestAnswers {
    private final Problems problems;

    RestAnswers(Problems problems) {
        this.problems = problems;
    }

    Uni<Response> succeed(Exchange exchange, Action action, Buffer json) {
        return Uni.createFrom()
                .emitter(answer -> exchange.succeed(
                        action,
                        200,
                        () -> answer.complete(Response.ok(json.getBytes(), MediaType.APPLICATION_JSON_TYPE)
                                .build()),
                        problem -> answer.complete(response(exchange, problem))));
    }

    /** Everything that goes wrong in a resource or in the framework is a problem like any other. */
    @ServerExceptionMapper
    Uni<Response> fail(Throwable failure) {
        Exchange exchange = Exchange.current();
        Problem problem = failure instanceof WebApplicationException framework
                ? translate(framework)
                : problems.of(exchange, failure);
        return Uni.createFrom()
                .emitter(answer ->
                        exchange.fail(Action.LIST, problem, worst -> answer.complete(response(exchange, worst))));
    }

    private static Problem translate(WebApplicationException framework) {
        return framework.getResponse().getStatusInfo().getFamily() == Response.Status.Family.CLIENT_ERROR
                ? Problem.of(ProblemType.INVALID_REQUEST)
                : Problem.of(ProblemType.INTERNAL_ERROR);
    }

    private static Response response(Exchange exchange, Problem problem) {
        Response.ResponseBuilder response = Response.status(problem.type().status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem.body(exchange.requestId()).getBytes());
        problem.headers().forEach(response::header);
        return response.build();
    }
}
