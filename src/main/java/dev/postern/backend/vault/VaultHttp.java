package dev.postern.backend.vault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.net.BoundedBody;
import dev.postern.net.ProxyVariables;
import io.quarkus.vault.client.common.VaultRequest;
import io.quarkus.vault.client.common.VaultRequestExecutor;
import io.quarkus.vault.client.common.VaultResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Carries the library's requests. It blocks the calling thread, so that an interrupt ends the exchange, and bounds the
 * body.
 */
final class VaultHttp implements VaultRequestExecutor {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_BODY = 4 << 20;

    private static final int MAX_REDIRECTS = 3;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);
    private static final String TOKEN = "X-Vault-Token";
    /** The top-level fields of Vault's responses. A deleted version has data, a wrong KV version has warnings. */
    private static final Set<String> OF_VAULT = Set.of("errors", "data", "warnings");

    private final HttpClient http;
    private final URI address;
    private final ProxyVariables proxies;
    private final Set<String> origins = new HashSet<>();

    /**
     * @param address the address of Vault, whose path, if any, is prepended to that of each request
     * @param redirects further origins to which the token may be sent
     */
    VaultHttp(HttpClient http, URI address, Set<String> redirects, ProxyVariables proxies) {
        this.http = http;
        this.address = address;
        this.proxies = proxies;
        this.origins.addAll(redirects);
        this.origins.add(origin(address));
    }

    /** The scheme, host and port of an address. */
    static String origin(URI address) {
        return address.getScheme().toLowerCase(Locale.ROOT) + "://"
                + address.getRawAuthority().toLowerCase(Locale.ROOT);
    }

    @Override
    public <T> CompletionStage<VaultResponse<T>> execute(VaultRequest<T> request) {
        try {
            HttpResponse<byte[]> answer = send(request);
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

    /** Follows redirects, because a standby node redirects to the active one. */
    private HttpResponse<byte[]> send(VaultRequest<?> request) throws IOException, InterruptedException {
        URI at = at(request.getUri());
        for (int redirects = 0; ; redirects++) {
            HttpResponse<byte[]> answer = http.send(translate(request, at), info -> new BoundedBody(MAX_BODY));
            String location = answer.headers().firstValue("Location").orElse(null);
            if (!REDIRECTS.contains(answer.statusCode()) || location == null || redirects == MAX_REDIRECTS) {
                return answer;
            }
            at = resolve(at, location);
        }
    }

    private URI resolve(URI from, String location) throws VaultRedirectException {
        try {
            URI to = from.resolve(location);
            if (to.getRawAuthority() != null && origins.contains(origin(to))) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // Not an address.
        }
        throw new VaultRedirectException();
    }

    private URI at(URI request) {
        String query = request.getRawQuery() == null ? "" : "?" + request.getRawQuery();
        return URI.create(origin(address) + address.getRawPath() + request.getRawPath() + query);
    }

    private HttpRequest translate(VaultRequest<?> request, URI at) {
        HttpRequest.Builder translated =
                HttpRequest.newBuilder(at).timeout(request.getTimeout()).header("X-Vault-Request", "true");
        request.getHTTPHeaders().forEach((name, value) -> {
            if (!name.equalsIgnoreCase(TOKEN) || !value.isEmpty()) {
                translated.header(name, value);
            }
        });
        proxies.authorize(at, translated::header);
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

    /** The strings of {@code {"errors": [...]}}. Empty for any other response of Vault; null if it is not Vault's. */
    private static @Nullable List<String> errors(byte[] body) {
        List<String> errors = new ArrayList<>();
        boolean known = false;
        try (JsonParser json = JSON.createParser(body)) {
            while (json.nextToken() != null) {
                JsonStreamContext context = json.getParsingContext();
                if (json.currentToken() == JsonToken.FIELD_NAME
                        && context.getParent().inRoot()) {
                    known |= OF_VAULT.contains(json.currentName());
                } else if (json.currentToken() == JsonToken.VALUE_STRING
                        && context.inArray()
                        && "errors".equals(context.getParent().getCurrentName())) {
                    errors.add(json.getText());
                }
            }
        } catch (IOException e) {
            return null;
        }
        return known ? errors : null;
    }
}
