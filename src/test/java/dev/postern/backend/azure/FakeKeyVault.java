package dev.postern.backend.azure;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.common.Json;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.postern.backend.BackendContract;
import dev.postern.backend.TestTls;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Key Vault's protocol, as far as Get Secret and its challenge go, and Entra's token endpoint, over TLS. */
public final class FakeKeyVault implements AutoCloseable {
    static final String TENANT = "72f988bf-0000-4000-8000-2d7cd011db47";
    static final String CLIENT = "11111111-0000-4000-8000-000000000001";
    static final String TOKEN = BackendContract.CANARY_CREDENTIAL + "-token";
    static final String RESOURCE = "https://vault.azure.net";

    private static final Path KEY_STORE = keyStore();

    private final WireMockServer server;

    public FakeKeyVault() {
        server = new WireMockServer(TestTls.server(KEY_STORE).bindAddress("127.0.0.1"));
        server.start();
        server.stubFor(any(anyUrl()).atPriority(10).willReturn(aResponse().withStatus(418)));
        server.stubFor(get(urlPathMatching("/secrets/.*"))
                .withHeader("Authorization", matching("Bearer .+"))
                .withQueryParam("api-version", matching("[0-9.-]+"))
                .atPriority(9)
                .willReturn(error(404, "SecretNotFound", "A secret with (name/id) was not found in this key vault.")));
        challenge(RESOURCE);
        answerLogin(token(TOKEN, 3600));
    }

    /** What makes a JVM trust its certificate, and no other. */
    public static String trustOptions() {
        return "-Djavax.net.ssl.trustStore=" + KEY_STORE + " -Djavax.net.ssl.trustStorePassword=" + TestTls.PASSWORD;
    }

    private static Path keyStore() {
        try {
            Path directory = Files.createTempDirectory("postern-azure");
            directory.toFile().deleteOnExit();
            Path store = TestTls.keyStore(directory);
            store.toFile().deleteOnExit();
            return store;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client that trusts its certificate and no other. */
    static HttpClient.Builder trusting() {
        try (InputStream in = Files.newInputStream(KEY_STORE)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, TestTls.PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("server", store.getCertificate("server"));
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return HttpClient.newBuilder().sslContext(context);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public String url() {
        return "https://127.0.0.1:" + server.httpsPort();
    }

    /** The variables of a service principal with a secret, whose authority this is. */
    public Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        variables.put("AZURE_AUTHORITY_HOST", url());
        variables.put("AZURE_TENANT_ID", TENANT);
        variables.put("AZURE_CLIENT_ID", CLIENT);
        variables.put("AZURE_CLIENT_SECRET", BackendContract.CANARY_CREDENTIAL);
        return variables;
    }

    /** Lets those log in as well whom an emulator's challenge sends to a tenant of its own. */
    void acceptTenants() {
        server.stubFor(
                post(urlPathMatching("/.*/oauth2/v2.0/token")).atPriority(4).willReturn(token(TOKEN, 3600)));
    }

    /** Makes the vault send those without a token to its authority, for a token for {@code resource}. */
    void challenge(String resource) {
        server.stubFor(get(urlPathMatching("/secrets/.*"))
                .withHeader("Authorization", absent())
                .atPriority(2)
                .willReturn(challenged(resource)));
    }

    ResponseDefinitionBuilder challenged(String resource) {
        return error(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")
                .withHeader(
                        "WWW-Authenticate",
                        "Bearer authorization=\"" + url() + "/" + TENANT + "\", resource=\"" + resource + "\"");
    }

    /** Makes every further login end in {@code answer}. */
    void answerLogin(ResponseDefinitionBuilder answer) {
        server.stubFor(post("/" + TENANT + "/oauth2/v2.0/token").atPriority(1).willReturn(answer));
    }

    /** Where a host has its own identity's token. */
    public String identityUrl() {
        return url() + "/msi/token";
    }

    /** Makes the host give its token to whoever knows {@code header}. */
    public void giveIdentity(String header) {
        server.stubFor(get(urlPathEqualTo("/msi/token"))
                .withHeader("X-IDENTITY-HEADER", matching(header))
                .withQueryParam("resource", matching(RESOURCE + "/?"))
                .atPriority(1)
                .willReturn(json(200)
                        .withBody(Json.write(Map.of(
                                "token_type",
                                "Bearer",
                                "expires_on",
                                "32503680000",
                                "resource",
                                RESOURCE,
                                "access_token",
                                TOKEN)))));
    }

    /** Makes the host say that it has no identity for us. */
    public void refuseIdentity() {
        server.stubFor(get(urlPathEqualTo("/msi/token"))
                .atPriority(1)
                .willReturn(json(400)
                        .withBody(Json.write(Map.of("statusCode", 400, "message", "No managed identity: canary")))));
    }

    static ResponseDefinitionBuilder token(String token, int seconds) {
        return json(200)
                .withBody(Json.write(Map.of(
                        "token_type", "Bearer",
                        "expires_in", seconds,
                        "ext_expires_in", seconds,
                        "access_token", token)));
    }

    static ResponseDefinitionBuilder loginRefused(int status, String code, String description) {
        return json(status).withBody(Json.write(Map.of("error", code, "error_description", description)));
    }

    public String put(String name, byte[] value) {
        return put(name, new String(value, UTF_8), Map.of("enabled", true, "created", 1_493_938_410));
    }

    String put(String name, String value, Map<String, Object> attributes) {
        String version = UUID.randomUUID().toString().replace("-", "");
        Map<String, Object> body = Map.of(
                "id",
                "https://postern-it.vault.azure.net/secrets/" + name + "/" + version,
                "value",
                value,
                "attributes",
                attributes);
        for (String asked : List.of("", version)) {
            server.stubFor(authorized(get(urlPathEqualTo("/secrets/" + name + "/" + asked)))
                    .atPriority(5)
                    .willReturn(json(200).withBody(Json.write(body))));
        }
        return version;
    }

    /** Makes every further read of {@code name} with a token end in {@code answer}. */
    void answer(String name, ResponseDefinitionBuilder answer) {
        server.stubFor(authorized(get(urlPathMatching("/secrets/" + name + "/.*")))
                .atPriority(3)
                .willReturn(answer));
    }

    private static MappingBuilder authorized(MappingBuilder read) {
        return read.withHeader("Authorization", matching("Bearer .+"))
                .withHeader("Accept", matching("application/json.*"))
                .withQueryParam("api-version", matching("[0-9.-]+"));
    }

    static ResponseDefinitionBuilder json(int status) {
        return aResponse().withStatus(status).withHeader("Content-Type", "application/json; charset=utf-8");
    }

    static ResponseDefinitionBuilder error(int status, String code, String message) {
        return json(status).withBody(Json.write(Map.of("error", Map.of("code", code, "message", message))));
    }

    static ResponseDefinitionBuilder forbidden(String inner, String message) {
        return json(403)
                .withBody(Json.write(Map.of(
                        "error",
                        Map.of("code", "Forbidden", "message", message, "innererror", Map.of("code", inner)))));
    }

    /** How often it was asked for {@code name} with a token. */
    int reads(String name) {
        return reads().stream()
                .filter(read -> read.getUrl().startsWith("/secrets/" + name + "/"))
                .toList()
                .size();
    }

    /** What it was asked with a token, in turn. */
    List<LoggedRequest> reads() {
        return server.findAll(getRequestedFor(anyUrl()).withHeader("Authorization", matching(".+")));
    }

    /** What its token endpoint was asked, in turn. */
    List<LoggedRequest> logins() {
        return server.findAll(postRequestedFor(anyUrl()));
    }

    /** All that it was asked, in turn. */
    List<LoggedRequest> requests() {
        return server.findAll(WireMock.anyRequestedFor(anyUrl()));
    }

    @Override
    public void close() {
        server.stop();
    }
}
