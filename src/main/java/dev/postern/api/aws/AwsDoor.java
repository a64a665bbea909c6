package dev.postern.api.aws;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.SecretAccess;
import dev.postern.api.listener.HttpDoor;
import dev.postern.api.listener.HttpExchange;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Reads of AWS Secrets Manager, for its SDKs and for clients of its agent. */
@Singleton
@Typed(AwsDoor.class)
public final class AwsDoor implements HttpDoor {
    /** The setting of its port. */
    public static final String PORT = AwsApiSettings.PORT;

    private static final String BY_PATH = "/v1/";
    private static final int MAX_BODY = 64 * 1024;
    private static final Buffer HEALTHY = Buffer.buffer("healthy");

    private final SecretAccess access;
    private final JsonProtocol protocol;
    private final AgentRequests agent;
    private final ContainerCredentials credentials = new ContainerCredentials(InstantSource.system());

    AwsDoor(SecretAccess access, AwsApiConfig config) {
        String backend = config.backend().orElse(null);
        this.access = access;
        this.protocol = new JsonProtocol(backend);
        this.agent = new AgentRequests(backend, config.flavour());
    }

    @Override
    public String interfaceName() {
        return "aws";
    }

    @Override
    public int maxBody(HttpServerRequest request) {
        return isOperation(request) ? MAX_BODY : 0;
    }

    private static boolean isOperation(HttpServerRequest request) {
        return HttpMethod.POST.equals(request.method()) && "/".equals(request.path());
    }

    @Override
    public void handle(HttpExchange exchange) {
        String path = String.valueOf(exchange.request().path());
        HttpMethod method = exchange.request().method();
        if (isOperation(exchange.request())) {
            access.start(protocol.request(exchange));
        } else if (!HttpMethod.GET.equals(method)) {
            refuse(exchange, FaultCode.METHOD_NOT_ALLOWED);
        } else if (path.equals("/ping") && exchange.refusal() == null) {
            exchange.write(200, AwsWords.TEXT, HEALTHY);
        } else if (path.equals("/secretsmanager/get")) {
            access.start(agent.byQuery(exchange));
        } else if (path.startsWith(BY_PATH)) {
            access.start(agent.byPath(exchange, path.substring(BY_PATH.length())));
        } else if (path.equals("/credentials")) {
            access.start(credentials.request(exchange));
        } else {
            refuse(exchange, FaultCode.NOT_FOUND);
        }
    }

    private void refuse(HttpExchange exchange, FaultCode code) {
        access.start(agent.refuse(exchange, Fault.of(code)));
    }
}
