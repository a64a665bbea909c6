package dev.postern.backend.gcp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.Json;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.google.cloud.secretmanager.v1.AccessSecretVersionResponse;
import com.google.cloud.secretmanager.v1.SecretPayload;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Secret Manager's protocol, as far as AccessSecretVersion goes, for whoever brings a token of {@link FakeTokens}. */
public final class FakeSecretManager implements AutoCloseable {
    public static final String PROJECT = "ml-workflow-prod";

    private static final String TOKENS = "/token";

    private final WireMockServer server;
    private final FakeTokens tokens = new FakeTokens();
    private final Map<String, Integer> versions = new HashMap<>();
    private boolean anybody;

    public FakeSecretManager() {
        this(WireMockConfiguration.options());
    }

    /** @param options whether and how it listens with TLS, beside HTTP */
    FakeSecretManager(WireMockConfiguration options) {
        server = new WireMockServer(
                options.dynamicPort().bindAddress("127.0.0.1").extensions(tokens));
        server.start();
        server.stubFor(any(anyUrl())
                .atPriority(10)
                .willReturn(error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")));
        server.stubFor(get(urlPathMatching("/v1/.*"))
                .withHeader("Authorization", equalTo("Bearer " + FakeTokens.TOKEN))
                .atPriority(9)
                .willReturn(error(404, "NOT_FOUND", "Secret [projects/1/secrets/it] not found or has no versions.")));
        server.stubFor(post(TOKENS).willReturn(aResponse().withTransformers(FakeTokens.NAME)));
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    String tlsUrl() {
        return "https://127.0.0.1:" + server.httpsPort();
    }

    /** A service account's key, whose tokens are given here. */
    public Path credentials(Path directory) throws IOException {
        return tokens.serviceAccount(directory, url() + TOKENS);
    }

    FakeTokens tokens() {
        return tokens;
    }

    /** Asks for no token for secrets that are put from now on. */
    void acceptAnybody() {
        anybody = true;
    }

    /** Makes every further request for a token end in {@code answer}. */
    void answerTokens(ResponseDefinitionBuilder answer) {
        server.stubFor(post(TOKENS).atPriority(1).willReturn(answer));
    }

    int tokenRequests() {
        return server.findAll(postRequestedFor(urlEqualTo(TOKENS))).size();
    }

    public String put(String id, byte[] value) {
        return put("projects/" + PROJECT, id, value);
    }

    String put(String parent, String id, byte[] value) {
        String secret = parent + "/secrets/" + id;
        int version = versions.merge(secret, 1, Integer::sum);
        ResponseDefinitionBuilder answer = json(
                200, answer(secret.replace(PROJECT, "123456789012") + "/versions/" + version, value, crc32c(value)));
        for (String name : List.of("latest", Integer.toString(version))) {
            answer(5, secret + "/versions/" + name, answer);
        }
        return Integer.toString(version);
    }

    /** Makes every further read of a secret of {@link #PROJECT} end in {@code answer}. */
    void answer(String id, ResponseDefinitionBuilder answer) {
        answer(1, "projects/" + PROJECT + "/secrets/" + id + "/versions/latest", answer);
    }

    private void answer(int priority, String version, ResponseDefinitionBuilder answer) {
        MappingBuilder read = get(urlPathEqualTo("/v1/" + version + ":access"));
        if (!anybody) {
            read.withHeader("Authorization", equalTo("Bearer " + FakeTokens.TOKEN));
        }
        server.stubFor(read.atPriority(priority).willReturn(answer));
    }

    /** The body of an answer, as Google's own classes write it. */
    static String answer(String version, byte[] value, long crc32c) {
        try {
            return JsonFormat.printer()
                    .print(AccessSecretVersionResponse.newBuilder()
                            .setName(version)
                            .setPayload(SecretPayload.newBuilder()
                                    .setData(ByteString.copyFrom(value))
                                    .setDataCrc32C(crc32c)));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static long crc32c(byte[] value) {
        CRC32C checksum = new CRC32C();
        checksum.update(value);
        return checksum.getValue();
    }

    static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json; charset=UTF-8")
                .withBody(body);
    }

    static ResponseDefinitionBuilder error(int status, String code, String message) {
        return json(
                status,
                Json.write(Map.of(
                        "error",
                        Map.of(
                                "code",
                                status,
                                "message",
                                message,
                                "status",
                                code,
                                "details",
                                List.of(Map.of("@type", "type.googleapis.com/google.rpc.ErrorInfo", "reason", "X"))))));
    }

    int reads(String id) {
        return server.findAll(getRequestedFor(
                        urlPathEqualTo("/v1/projects/" + PROJECT + "/secrets/" + id + "/versions/latest:access")))
                .size();
    }

    /** All that it was asked, tokens included. */
    List<LoggedRequest> requests() {
        return server.findAll(anyRequestedFor(anyUrl()));
    }

    /** The paths of the reads it was asked for. */
    List<String> paths() {
        return server.findAll(getRequestedFor(anyUrl())).stream()
                .map(request -> request.getUrl().replaceAll("\\?.*", ""))
                .toList();
    }

    @Override
    public void close() {
        server.stop();
    }
}
