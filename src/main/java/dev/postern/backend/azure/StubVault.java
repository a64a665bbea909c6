package dev.postern.backend.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A vault with one empty secret, in this process: it challenges who brings no token, as Key Vault does. */
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
            return new Answer(
                    request,
                    401,
                    "",
                    new HttpHeaders()
                            .set(
                                    HttpHeaderName.WWW_AUTHENTICATE,
                                    "Bearer authorization=\"https://login.microsoftonline.com/none\","
                                            + " resource=\"https://vault.azure.net\""));
        }
        return new Answer(request, 200, SECRET, new HttpHeaders().set(HttpHeaderName.CONTENT_TYPE, "application/json"));
    }

    private static final class Answer extends HttpResponse {
        private final int status;
        private final String body;
        private final HttpHeaders headers;

        Answer(HttpRequest request, int status, String body, HttpHeaders headers) {
            super(request);
            this.status = status;
            this.body = body;
            this.headers = headers;
        }

        @Override
        public int getStatusCode() {
            return status;
        }

        @Override
        @Deprecated
        public String getHeaderValue(String name) {
            return headers.getValue(HttpHeaderName.fromString(name));
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<ByteBuffer> getBody() {
            return Flux.just(ByteBuffer.wrap(body.getBytes(UTF_8)));
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.just(body.getBytes(UTF_8));
        }

        @Override
        public Mono<String> getBodyAsString() {
            return Mono.just(body);
        }

        @Override
        public Mono<String> getBodyAsString(Charset charset) {
            return Mono.just(body);
        }
    }
}
