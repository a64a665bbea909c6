package dev.postern.backend.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.tomakehurst.wiremock.common.Json;
import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.postern.backend.BackendContract;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Gives tokens to a service account that proves itself with a signed assertion (<a
 * href="https://www.rfc-editor.org/rfc/rfc7523">RFC 7523</a>).
 */
final class FakeTokens implements ResponseTransformerV2 {
    static final String NAME = "tokens";
    static final String TOKEN = "ya29." + BackendContract.CANARY_CREDENTIAL;

    private static final String ACCOUNT = "postern@ml-workflow-prod.iam.gserviceaccount.com";
    private static final KeyPair KEYS = keys();

    private volatile int expiresIn = 3599;
    private volatile KeyPair accepted = KEYS;

    static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tokens that end so soon are renewed for every read. */
    void expireAtOnce() {
        expiresIn = 1;
    }

    /** No key but this proves anything any more. */
    void accept(KeyPair keys) {
        accepted = keys;
    }

    Path serviceAccount(Path directory, String tokenUri) throws IOException {
        return serviceAccount(directory, tokenUri, KEYS);
    }

    Path serviceAccount(Path directory, String tokenUri, KeyPair keys) throws IOException {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        Path file = directory.resolve("service-account.json");
        return Files.writeString(
                file,
                Json.write(Map.of(
                        "type",
                        "service_account",
                        "project_id",
                        FakeSecretManager.PROJECT,
                        "private_key_id",
                        "0123456789abcdef",
                        "private_key",
                        pem,
                        "client_email",
                        ACCOUNT,
                        "client_id",
                        "123456789012345678901",
                        "token_uri",
                        tokenUri)));
    }

    @Override
    public Response transform(Response response, ServeEvent event) {
        Map<String, String> form = Arrays.stream(
                        event.getRequest().getBodyAsString().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
        boolean good = "urn:ietf:params:oauth:grant-type:jwt-bearer".equals(form.get("grant_type"))
                && isGood(form.getOrDefault("assertion", ""));
        Map<String, Object> body = good
                ? Map.of("access_token", TOKEN, "expires_in", expiresIn, "token_type", "Bearer")
                : Map.of("error", "invalid_grant", "error_description", "Invalid JWT Signature.");
        return Response.Builder.like(response)
                .but()
                .status(good ? 200 : 400)
                .headers(new HttpHeaders(HttpHeader.httpHeader("Content-Type", "application/json")))
                .body(Json.write(body))
                .build();
    }

    private boolean isGood(String assertion) {
        String[] parts = assertion.split("\\.", -1);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(accepted.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
            Map<?, ?> claims = Json.read(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8), Map.class);
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                    && claims.get("iss").equals(ACCOUNT)
                    && claims.get("aud").equals("https://oauth2.googleapis.com/token")
                    && claims.get("scope").equals("https://www.googleapis.com/auth/cloud-platform")
                    && ((Number) claims.get("exp")).longValue() > Instant.now().getEpochSecond();
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public boolean applyGlobally() {
        return false;
    }

    @Override
    public String getName() {
        return NAME;
    }
}
