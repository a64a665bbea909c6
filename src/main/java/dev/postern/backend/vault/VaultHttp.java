package dev.postern.backend.vault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.net.BoundedBody;
import io.quarkus.vault.client.common.VaultRequest;
import io.quarkus.vault.client.common.VaultRequestExecutor;
import io.quarkus.vault.client.common.VaultResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Carries the library's requests. It blocks the calling thread, so that an interrupt ends the exchange, and keeps no
 * more of a body than a secret may have.
 */
final class VaultHttp implements VaultRequestExecutor {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_BODY = 4 << 20;

    private final HttpClient http;

    VaultHttp(HttpClient http) {
        this.http = http;
    }

    @Override
    public <T> CompletionStage<VaultResponse<T>> execute(VaultRequest<T> request) {
        try {
            HttpResponse<byte[]> answer = http.send(translate(request), info -> new BoundedBody(MAX_BODY));
            if (!request.getExpectedStatusCodes().contains(answer.statusCode())) {
                throw new VaultRefusal(
                        request,
                        answer.statusCode(),
                        errors(answer.body()),
                        answer.headers().firstValue("Retry-After").orElse(null));
            }
            return CompletableFuture.completedStage(
                    new VaultResponse<>(request, answer.statusCode(), List.of(), answer.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedStage(e);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static HttpRequest translate(VaultRequest<?> request) {
        HttpRequest.Builder translated = HttpRequest.newBuilder(request.getUri())
                .timeout(request.getTimeout())
                .header("X-Vault-Request", "true");
        request.getHTTPHeaders().forEach(translated::header);
        if (request.getSerializedBody().isPresent()) {
            return translated
                    .header("Content-Type", "application/json")
                    .method(
                            request.getMethod().name(),
                            HttpRequest.BodyPublishers.ofString(
                                    request.getSerializedBody().get()))
                    .build();
        }
        return translated
                .method(request.getMethod().name(), HttpRequest.BodyPublishers.noBody())
                .build();
    }

    /** The texts of {@code {"errors": [...]}}, or none if the body is something else. */
    private static List<String> errors(byte[] body) {
        List<String> errors = new ArrayList<>();
        try (JsonParser json = JSON.createParser(body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING
                        && json.getParsingContext().inArray()
                        && "errors".equals(json.getParsingContext().getParent().getCurrentName())) {
                    errors.add(json.getText());
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return errors;
    }
}
