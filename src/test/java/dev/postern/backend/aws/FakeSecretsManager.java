package dev.postern.backend.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.common.Json;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.postern.secret.Secret;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Secrets Manager's protocol, JSON 1.1, as far as GetSecretValue goes, and STS's AssumeRole. */
public final class FakeSecretsManager implements AutoCloseable {
    static final String REQUEST_ID = "8a5a1e0d-0000-4000-8000-request00001";

    private static final String TARGET = "secretsmanager.GetSecretValue";
    private static final String ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";

    private final WireMockServer server;
    private final Map<String, Map<String, Object>> current = new HashMap<>();

    public FakeSecretsManager() {
        this(WireMockConfiguration.options().dynamicPort());
    }

    /** @param options where it listens, and how */
    FakeSecretsManager(WireMockConfiguration options) {
        server = new WireMockServer(options.bindAddress("127.0.0.1"));
        server.start();
        server.stubFor(any(anyUrl()).atPriority(10).willReturn(aResponse().withStatus(418)));
        server.stubFor(post("/")
                .withHeader("X-Amz-Target", equalTo(TARGET))
                .atPriority(9)
                .willReturn(
                        error(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")));
    }

    public String url() {
        return server.isHttpsEnabled()
                ? "https://127.0.0.1:" + server.httpsPort()
                : "http://127.0.0.1:" + server.port();
    }

    public String put(String name, byte[] value) {
        Map<String, Object> answer = new HashMap<>();
        String version = UUID.randomUUID().toString();
        answer.put("ARN", ARN + name + "-AbCdEf");
        answer.put("CreatedDate", 1.523477145713E9);
        answer.put("Name", name);
        answer.put("VersionId", version);
        if (new Secret(value, null, null).isText()) {
            answer.put("SecretString", new String(value, UTF_8));
        } else {
            answer.put("SecretBinary", Base64.getEncoder().encodeToString(value));
        }
        Map<String, Object> previous = current.put(name, answer);
        if (previous != null) {
            answer(read(name).withRequestBody(matchingJsonPath("$.VersionStage", equalTo("AWSPREVIOUS"))), previous);
        }
        answer(
                read(name)
                        .withRequestBody(matchingJsonPath("$.VersionId", absent()))
                        .withRequestBody(matchingJsonPath("$.VersionStage", absent())),
                answer);
        answer(read(name).withRequestBody(matchingJsonPath("$.VersionStage", equalTo("AWSCURRENT"))), answer);
        answer(read(name).withRequestBody(matchingJsonPath("$.VersionId", equalTo(version))), answer);
        return version;
    }

    private void answer(MappingBuilder read, Map<String, Object> body) {
        server.stubFor(read.atPriority(5).willReturn(json(200).withBody(Json.write(body))));
    }

    /** Makes every further read of {@code name} end in {@code answer}. */
    void answer(String name, ResponseDefinitionBuilder answer) {
        server.stubFor(read(name).atPriority(1).willReturn(answer));
    }

    /** Makes the next read of {@code name} end in {@code answer}, and those after it as before. */
    void answerOnce(String name, ResponseDefinitionBuilder answer) {
        server.stubFor(read(name)
                .inScenario("once")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("done")
                .atPriority(1)
                .willReturn(answer));
    }

    private static MappingBuilder read(String name) {
        return post("/")
                .withHeader("X-Amz-Target", equalTo(TARGET))
                .withHeader("Content-Type", equalTo("application/x-amz-json-1.1"))
                .withRequestBody(matchingJsonPath("$.SecretId", equalTo(name)));
    }

    /** Makes STS answer every request for a role with {@code status} and {@code xml}. */
    void answerRole(int status, String xml) {
        answerSts("AssumeRole", status, xml);
    }

    /** Makes STS answer every {@code action} with {@code status} and {@code xml}. */
    void answerSts(String action, int status, String xml) {
        server.stubFor(post("/")
                .withRequestBody(containing("Action=" + action + "&"))
                .atPriority(1)
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Content-Type", "text/xml")
                        .withBody(xml)));
    }

    /** Makes the agent that hands a pod or a task its credentials answer at {@code path} with {@code json}. */
    void answerAgent(String path, String authorization, String json) {
        server.stubFor(get(path)
                .withHeader("Authorization", equalTo(authorization))
                .atPriority(1)
                .willReturn(aResponse()
                        .withStatus(200)
                        .withHeader("Content-Type", "application/json")
                        .withBody(json)));
    }

    /** Makes that agent answer everybody at {@code path} so. */
    void answerAgent(String path, int status, String body) {
        server.stubFor(get(path)
                .atPriority(1)
                .willReturn(aResponse().withStatus(status).withBody(body)));
    }

    static ResponseDefinitionBuilder json(int status) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/x-amz-json-1.1")
                .withHeader("x-amzn-RequestId", REQUEST_ID);
    }

    static ResponseDefinitionBuilder error(int status, String code, String message) {
        return json(status).withBody(Json.write(Map.of("__type", code, "message", message)));
    }

    int reads(String name) {
        return server.findAll(postRequestedFor(anyUrl()).withRequestBody(matchingJsonPath("$.SecretId", equalTo(name))))
                .size();
    }

    /** All that it was asked. */
    List<LoggedRequest> requests() {
        return server.findAll(WireMock.anyRequestedFor(anyUrl()));
    }

    @Override
    public void close() {
        server.stop();
    }
}
