package dev.postern.api.aws;

import dev.postern.access.Access;
import dev.postern.access.Answer;
import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import dev.postern.access.Inquiry;
import dev.postern.api.aws.AwsApiConfig.Flavour;
import dev.postern.api.aws.AwsRequest.Rendering;
import dev.postern.api.listener.HttpExchange;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.PercentEncoding;
import dev.postern.secret.SecretRef;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET} of a secret, as of the <a href="https://github.com/aws/aws-workload-credentials-provider">agent</a> and
 * of the <a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html">Lambda
 * extension</a>.
 */
final class AgentRequests {
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final Pattern WORD = Pattern.compile("[A-Za-z]{1,64}");

    private final @Nullable String backend;
    private final Flavour flavour;

    /** @param backend the backend that holds the secrets, or null for aliases and the default backend */
    AgentRequests(@Nullable String backend, Flavour flavour) {
        this.backend = backend;
        this.flavour = flavour;
    }

    /** {@code /secretsmanager/get?secretId=NAME}. */
    AwsRequest byQuery(HttpExchange exchange) {
        return request(exchange, null);
    }

    /** {@code /v1/NAME}. */
    AwsRequest byPath(HttpExchange exchange, String name) {
        return request(exchange, name);
    }

    private AwsRequest request(HttpExchange exchange, @Nullable String path) {
        try {
            Map<String, String> query = query(exchange.request().query(), path == null);
            String name = path == null ? query.get("secretId") : path;
            if (name == null || name.isEmpty()) {
                throw invalid(path == null ? "missing parameter secretId" : "missing secret ID");
            }
            if (query.containsKey("roleArn")) {
                throw invalid("the parameter roleArn is not supported");
            }
            String id = query.get("versionId");
            SecretRef asked = AwsNames.parse(backend, name, AwsVersions.asked(id, query.get("versionStage")));
            return request(
                    exchange,
                    Inquiry.read(asked, isTrue(query.get("refreshNow")), null),
                    (request, access) -> answer(request, access, id));
        } catch (InvalidReferenceException e) {
            return refuse(exchange, Fault.of(e));
        } catch (FaultException e) {
            return refuse(exchange, e.fault());
        }
    }

    /** A request that is refused once its caller is known. */
    AwsRequest refuse(HttpExchange exchange, Fault fault) {
        return request(
                exchange, Inquiry.authenticate().invalid(fault), (request, access) -> answer(request, access, null));
    }

    private AwsRequest request(HttpExchange exchange, Inquiry inquiry, Rendering rendering) {
        AwsWords words = flavour == Flavour.AGENT ? AwsWords::ofAgent : AwsWords::ofLambdaExtension;
        return new AwsRequest(exchange, AwsRequest.AGENT, words, inquiry, rendering);
    }

    private static FaultException invalid(String what) {
        return new FaultException(Fault.of(FaultCode.INVALID_REQUEST, what));
    }

    private static Map<String, String> query(@Nullable String text, boolean named) {
        Map<String, String> query = new HashMap<>();
        for (String parameter : text == null || text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1).replace('+', ' ');
            switch (name) {
                case "versionId", "versionStage", "refreshNow", "roleArn" -> {}
                case "secretId" -> {
                    if (!named) {
                        throw unknown(name);
                    }
                }
                default -> throw unknown(name);
            }
            query.put(name, PercentEncoding.decode(value));
        }
        return query;
    }

    private static FaultException unknown(String name) {
        return invalid("unknown parameter" + (WORD.matcher(name).matches() ? ": " + name : ""));
    }

    private static boolean isTrue(@Nullable String text) {
        return switch (text == null ? "false" : text.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw invalid("invalid refreshNow value");
        };
    }

    private Answer answer(AwsRequest request, Access access, @Nullable String versionId) {
        AwsSecret secret = AwsSecret.of(access.reads().get(0), versionId);
        boolean lambda = flavour == Flavour.LAMBDA_EXTENSION;
        Instant created = secret.createdAt();
        return request.json(secret.secret().value().length, AwsWords.PLAIN_JSON, json -> {
            json.writeStartObject();
            json.writeStringField("ARN", secret.arn());
            json.writeStringField("Name", secret.name());
            json.writeStringField("VersionId", secret.versionId());
            AwsValue.write(json, secret.secret());
            if (lambda) {
                json.writeNullField(secret.secret().isText() ? "SecretBinary" : "SecretString");
            }
            AwsValue.write(json, "VersionStages", secret.stages());
            String time = created == null ? null : lambda ? MILLIS.format(created) : AwsValue.seconds(created);
            json.writeStringField("CreatedDate", time);
            if (lambda) {
                json.writeObjectFieldStart("ResultMetadata");
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }
}
