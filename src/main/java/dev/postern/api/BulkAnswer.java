package dev.postern.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.api.MediaTypes.Representation;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Several secrets in one answer. As JSON there is what was found and what is wrong with the others; as lines there is
 * all or nothing, because half an environment is worse than none.
 */
final class BulkAnswer {
    /** How many bytes the values of one answer may have together: 64 KiB for each of the most names. */
    private static final long MAX_BYTES = BulkQuery.MAX_NAMES * 64L * 1024;

    private final Representation representation;
    private final @Nullable EnvLines lines;
    private final Map<BulkItem, String> variables = new HashMap<>();

    /** @throws ProblemException if the secrets cannot be so represented, whatever their values */
    BulkAnswer(Representation representation, List<BulkItem> items) {
        this.representation = representation;
        this.lines = switch (representation) {
            case DOTENV -> EnvLines.DOTENV;
            case SHELL -> EnvLines.SHELL;
            case DOCKER_ENV -> EnvLines.DOCKER;
            default -> null;
        };
        if (lines != null) {
            for (BulkItem item : items) {
                String variable = EnvLines.variable(item.asked());
                if (variables.containsValue(variable)) {
                    throw new ProblemException(
                            Problem.of(ProblemType.INVALID_REQUEST, "Two of the names make the same variable.")
                                    .because("variable-twice"));
                }
                variables.put(item, variable);
            }
        }
    }

    /** Whether the answer is settled by what has failed, however the others end. */
    boolean isRefused(List<BulkItem> items) {
        return lines == null
                ? items.stream().allMatch(BulkItem::failed)
                : items.stream().anyMatch(BulkItem::failed);
    }

    /** Answers once every item is found or has a problem, or once the answer {@link #isRefused}. */
    void send(Exchange exchange, List<BulkItem> items) {
        Buffer body = isRefused(items) ? null : fill(exchange, items);
        Problem worst = worst(items);
        if (worst != null && isRefused(items)) {
            List<BulkItem> culprits = items.stream().filter(BulkItem::failed).toList();
            items.stream()
                    .filter(item -> !item.failed())
                    .forEach(item -> item.access().failed(worst.because("incomplete")));
            exchange.answerAll(accesses(items), () -> refuse(exchange, culprits, worst));
        } else {
            exchange.answerAll(
                    accesses(items),
                    () -> exchange.write(200, representation.contentType(), Map.of(), requireNonNull(body)));
        }
    }

    private Buffer fill(Exchange exchange, List<BulkItem> items) {
        boundSize(items);
        return lines == null ? json(exchange, items) : write(lines, items);
    }

    private static void boundSize(List<BulkItem> items) {
        long bytes = 0;
        for (BulkItem item : items) {
            if (item.failed()) {
                continue;
            }
            bytes += item.secret().value().length;
            if (bytes > MAX_BYTES) {
                item.access()
                        .failed(Problem.of(
                                        ProblemType.INVALID_REQUEST,
                                        "The secrets are too large together: ask for fewer at once.")
                                .because("answer-too-large"));
            }
        }
    }

    private Buffer write(EnvLines format, List<BulkItem> items) {
        Buffer body = Buffer.buffer();
        for (BulkItem item : items) {
            if (!item.failed()) {
                try {
                    if (!item.secret().isText()) {
                        throw EnvLines.unfit("it is binary, and application/json can hold it");
                    }
                    body.appendString(format.line(
                            requireNonNull(variables.get(item)), item.secret().value()));
                } catch (ProblemException unfit) {
                    item.access().failed(unfit.problem());
                }
            }
        }
        return body;
    }

    /** The problem that the answer as a whole has: of those with the highest status the first. */
    private static @Nullable Problem worst(List<BulkItem> items) {
        return items.stream()
                .filter(BulkItem::failed)
                .map(item -> requireNonNull(item.access().problem()))
                .max(Comparator.comparingInt(problem -> problem.type().status()))
                .orElse(null);
    }

    private static List<Access> accesses(List<BulkItem> items) {
        return items.stream().map(BulkItem::access).toList();
    }

    private void refuse(Exchange exchange, List<BulkItem> items, Problem worst) {
        if (lines == null) {
            exchange.write(worst.type().status(), representation.contentType(), worst.headers(), json(exchange, items));
            return;
        }
        Buffer body = Json.write(json -> {
            json.writeStartObject();
            worst.writeFields(json, exchange.requestId());
            writeErrors(json, exchange, items);
            json.writeEndObject();
        });
        exchange.write(worst.type().status(), Problem.MEDIA_TYPE, worst.headers(), body);
    }

    private static Buffer json(Exchange exchange, List<BulkItem> items) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("secrets");
            for (BulkItem item : items) {
                if (!item.failed()) {
                    json.writeFieldName(item.name());
                    SecretJson.write(json, item.asked(), item.address(), item.lookup(), item.secret());
                }
            }
            json.writeEndObject();
            writeErrors(json, exchange, items);
            json.writeEndObject();
        });
    }

    private static void writeErrors(JsonGenerator json, Exchange exchange, List<BulkItem> items) throws IOException {
        json.writeObjectFieldStart("errors");
        for (BulkItem item : items) {
            Problem problem = item.access().problem();
            if (problem != null) {
                json.writeObjectFieldStart(item.name());
                problem.writeFields(json, exchange.requestId());
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }
}
