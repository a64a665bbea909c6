package dev.postern.backend.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import reactor.core.publisher.Mono;

/** An in-process vault with one empty secret. Like Key Vault, it challenges requests without a token. */
final class StubVault implements HttpClient {
    private static final String SECRET =
            "{\"id\":\"https://warm-up.vault.azure.net/secrets/warm-up/0\",\"value\":\"\"}";

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return Mono.fromSupplier(() -> sendSync(request, Context.NONE));
    }

    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        if (request.getHeaders().getValue(HttpHeaderName.AUTHORIZATION) == null) {
            return new WholeAnswer(
                    request,
                    401,
                    new byte[0],
                    new HttpHeaders()
                            .set(
                                    HttpHeaderName.WWW_AUTHENTICATE,
                                    "Bearer authorization=\"https://login.microsoftonline.com/none\","
                                            + " resource=\"https://vault.azure.net\""));
        }
        return new WholeAnswer(
                request,
                200,
                SECRET.getBytes(UTF_8),
                new HttpHeaders().set(HttpHeaderName.CONTENT_TYPE, "application/json"));
    }
}
