package dev.postern.api.vault;

import dev.postern.access.Fault;
import dev.postern.api.media.Json;
import dev.postern.api.problem.ProblemType;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Faults as Vault's errors. */
final class VaultErrors {
    private static final int BYTES = 256;

    private VaultErrors() {}

    static int status(Fault fault) {
        return switch (fault.code()) {
            // Vault has one status for callers that it does not know and for those that it denies.
            case UNAUTHENTICATED -> 403;
            case BACKEND_TIMEOUT -> 503;
            default -> ProblemType.of(fault.code()).status();
        };
    }

    static Buffer body(Fault fault) {
        List<String> errors = errors(fault);
        return Json.write(BYTES, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("errors");
            for (String error : errors) {
                json.writeString(error);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static List<String> errors(Fault fault) {
        return switch (fault.code()) {
            case UNAUTHENTICATED, FORBIDDEN -> List.of("permission denied");
            // Clients take an empty list for "there is nothing".
            case SECRET_NOT_FOUND, NOT_FOUND -> List.of();
            case METHOD_NOT_ALLOWED -> List.of("unsupported operation");
            default -> List.of(ProblemType.detail(fault));
        };
    }
}
