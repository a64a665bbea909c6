package dev.postern.api.aws;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.access.Access;
import dev.postern.access.Answer;
import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.Inquiry;
import dev.postern.access.Read;
import dev.postern.api.aws.AwsRequest.Rendering;
import dev.postern.api.listener.HttpExchange;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretName;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">JSON 1.1 protocol</a>.
 */
final class JsonProtocol {
    private static final String TARGET = "secretsmanager.";
    private static final int MAX_BATCH = 20;
    private static final int NAME_BYTES = 256;
    private static final Rendering NOTHING = (request, access) -> request.json(0, AwsWords.JSON, json -> {});

    /** Operations that exist and that a read-only service does not have. */
    private static final Set<String> NOT_SERVED = Set.of(
            "CancelRotateSecret",
            "CreateSecret",
            "DeleteResourcePolicy",
            "DeleteSecret",
            "GetRandomPassword",
            "GetResourcePolicy",
            "PutResourcePolicy",
            "PutSecretValue",
            "RemoveRegionsFromReplication",
            "ReplicateSecretToRegions",
            "RestoreSecret",
            "RotateSecret",
            "StopReplicationToReplica",
            "TagResource",
            "UntagResource",
            "UpdateSecret",
            "UpdateSecretVersionStage",
            "ValidateResourcePolicy");

    private final @Nullable String backend;

    /** @param backend the backend that holds the secrets, or null for aliases and the default backend */
    JsonProtocol(@Nullable String backend) {
        this.backend = backend;
    }

    AwsRequest request(HttpExchange exchange) {
        try {
            String type = String.valueOf(exchange.request().getHeader(HttpHeaders.CONTENT_TYPE));
            if (!type.startsWith(AwsWords.JSON)) {
                throw new InvalidReferenceException("the content type must be " + AwsWords.JSON);
            }
            String target = String.valueOf(exchange.request().getHeader("X-Amz-Target"));
            String operation = target.startsWith(TARGET) ? target.substring(TARGET.length()) : "";
            return request(exchange, operation, AwsInput.parse(exchange.body()));
        } catch (InvalidReferenceException e) {
            return invalid(exchange, Fault.of(e));
        }
    }

    private AwsRequest request(HttpExchange exchange, String operation, AwsInput input) {
        return switch (operation) {
            case "GetSecretValue" -> {
                String id = input.text("VersionId");
                Version version = AwsVersions.asked(id, input.text("VersionStage"));
                yield request(
                        exchange,
                        Inquiry.read(name(input, version), false, null),
                        (request, access) -> value(request, access, id));
            }
            case "BatchGetSecretValue" -> request(exchange, batch(input), JsonProtocol::values);
            case "DescribeSecret" -> request(exchange, Inquiry.describe(name(input, null)), JsonProtocol::description);
            case "ListSecretVersionIds" ->
                request(exchange, Inquiry.describe(name(input, null)), JsonProtocol::versions);
            // Only the names of aliases are known.
            case "ListSecrets" ->
                request(exchange, backend == null ? Inquiry.list() : Inquiry.authenticate(), JsonProtocol::names);
            default ->
                invalid(
                        exchange,
                        Fault.of(NOT_SERVED.contains(operation) ? FaultCode.METHOD_NOT_ALLOWED : FaultCode.NOT_FOUND));
        };
    }

    private static AwsRequest request(HttpExchange exchange, Inquiry inquiry, Rendering rendering) {
        return new AwsRequest(exchange, AwsRequest.SESSION, AwsWords::ofProtocol, inquiry, rendering);
    }

    private static AwsRequest invalid(HttpExchange exchange, Fault fault) {
        return request(exchange, Inquiry.authenticate().invalid(fault), NOTHING);
    }

    private SecretRef name(AwsInput input, @Nullable Version version) {
        return AwsNames.parse(backend, input.required("SecretId"), version);
    }

    private Inquiry batch(AwsInput input) {
        List<String> ids = input.list("SecretIdList");
        if (ids == null || ids.isEmpty() || ids.size() > MAX_BATCH) {
            throw new InvalidReferenceException(
                    "SecretIdList must have 1 to " + MAX_BATCH + " names; filters are not supported");
        }
        return Inquiry.read(
                ids.stream().map(id -> AwsNames.parse(backend, id, null)).toList());
    }

    private static Answer value(AwsRequest request, Access access, @Nullable String versionId) {
        AwsSecret secret = AwsSecret.of(access.reads().get(0), versionId);
        return request.json(secret.secret().value().length, AwsWords.JSON, json -> write(json, secret));
    }

    private static void write(JsonGenerator json, AwsSecret secret) throws IOException {
        json.writeStartObject();
        writeName(json, secret);
        json.writeStringField("VersionId", secret.versionId());
        AwsValue.write(json, secret.secret());
        AwsValue.write(json, "VersionStages", secret.stages());
        writeTime(json, "CreatedDate", secret.createdAt());
        json.writeEndObject();
    }

    /** Each secret that can be read, and an error for each that cannot. */
    private static Answer values(AwsRequest request, Access access) {
        List<Read> reads = access.reads();
        long bytes = reads.stream()
                .mapToLong(read -> read.isFailed() ? 0 : read.secret().value().length + NAME_BYTES)
                .sum();
        return request.json(bytes, AwsWords.JSON, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("SecretValues");
            for (Read read : reads) {
                if (!read.isFailed()) {
                    write(json, AwsSecret.of(read, null));
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("Errors");
            for (Read read : reads) {
                Fault fault = read.fault();
                if (fault != null) {
                    json.writeStartObject();
                    json.writeStringField("SecretId", read.asked().name().value());
                    json.writeStringField("ErrorCode", AwsWords.code(fault));
                    json.writeStringField("Message", AwsWords.message(fault));
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static Answer description(AwsRequest request, Access access) {
        AwsSecret secret = AwsSecret.of(access.reads().get(0), null);
        return request.json(0, AwsWords.JSON, json -> {
            json.writeStartObject();
            writeName(json, secret);
            json.writeObjectFieldStart("VersionIdsToStages");
            AwsValue.write(json, secret.versionId(), secret.stages());
            json.writeEndObject();
            writeTime(json, "CreatedDate", secret.createdAt());
            writeTime(json, "LastChangedDate", secret.createdAt());
            json.writeEndObject();
        });
    }

    private static Answer versions(AwsRequest request, Access access) {
        AwsSecret secret = AwsSecret.of(access.reads().get(0), null);
        return request.json(0, AwsWords.JSON, json -> {
            json.writeStartObject();
            writeName(json, secret);
            json.writeArrayFieldStart("Versions");
            json.writeStartObject();
            json.writeStringField("VersionId", secret.versionId());
            AwsValue.write(json, "VersionStages", secret.stages());
            writeTime(json, "CreatedDate", secret.createdAt());
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static Answer names(AwsRequest request, Access access) {
        List<SecretName> names = access.names();
        return request.json((long) names.size() * NAME_BYTES, AwsWords.JSON, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("SecretList");
            for (SecretName name : names) {
                SecretRef alias = new SecretRef(null, name, null, null);
                json.writeStartObject();
                json.writeStringField("ARN", AwsNames.arn(alias, null));
                json.writeStringField("Name", name.value());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void writeName(JsonGenerator json, AwsSecret secret) throws IOException {
        json.writeStringField("ARN", secret.arn());
        json.writeStringField("Name", secret.name());
    }

    private static void writeTime(JsonGenerator json, String name, @Nullable Instant time) throws IOException {
        if (time != null) {
            json.writeFieldName(name);
            json.writeRawValue(AwsValue.seconds(time));
        }
    }
}
