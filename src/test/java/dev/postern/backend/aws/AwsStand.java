package dev.postern.backend.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.postern.backend.BackendContract;
import dev.postern.backend.BackendContract.Fault;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.TestTls;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Speaks Secrets Manager's JSON protocol. */
final class AwsStand implements BackendContract.Stand {
    static final AwsCredentialsProvider CREDENTIALS = StaticCredentialsProvider.create(
            AwsBasicCredentials.create("AKIAEXAMPLE", BackendContract.CANARY_CREDENTIAL));

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final WireMockServer server;
    private SecretBackend backend;

    AwsStand(Path directory) throws Exception {
        server = new WireMockServer(wireMockConfig()
                .dynamicPort()
                .dynamicHttpsPort()
                .keystorePath(TestTls.keyStore(directory).toString())
                .keystorePassword(TestTls.PASSWORD)
                .keyManagerPassword(TestTls.PASSWORD)
                .keystoreType("PKCS12"));
        server.start();
        server.stubFor(post(urlEqualTo("/")).atPriority(10).willReturn(error(400, "ResourceNotFoundException")));
        backend = backend(
                server.baseUrl().replace("https", "http").replace(":" + server.httpsPort(), ":" + server.port()));
    }

    static AwsBackend backend(String endpoint) {
        return new AwsBackend(config("us-east-1", endpoint, null), CREDENTIALS, TIMEOUT);
    }

    static AwsConfig config(String region, String endpoint, String roleArn) {
        return new AwsConfig() {
            @Override
            public Optional<String> region() {
                return Optional.ofNullable(region);
            }

            @Override
            public Optional<String> endpoint() {
                return Optional.ofNullable(endpoint);
            }

            @Override
            public Optional<String> roleArn() {
                return Optional.ofNullable(roleArn);
            }
        };
    }

    WireMockServer server() {
        return server;
    }

    @Override
    public SecretBackend backend() {
        return backend;
    }

    @Override
    public boolean can(Fault fault) {
        return fault != Fault.CHECKSUM_MISMATCH;
    }

    @Override
    public String put(String name, byte[] value) {
        String version = UUID.randomUUID().toString();
        JsonObject answer = new JsonObject()
                .put("ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:" + name + "-AbCdEf")
                .put("Name", name)
                .put("CreatedDate", 1.523477145713E9)
                .put("VersionId", version);
        if (isText(value)) {
            answer.put("SecretString", new String(value, StandardCharsets.UTF_8));
        } else {
            answer.put("SecretBinary", Base64.getEncoder().encodeToString(value));
        }
        server.stubFor(read(name)
                .withRequestBody(matchingJsonPath("$.VersionId", absent()))
                .withRequestBody(matchingJsonPath("$.VersionStage", absent()))
                .willReturn(ok(answer.encode())));
        server.stubFor(read(name)
                .withRequestBody(matchingJsonPath("$.VersionId", equalTo(version)))
                .willReturn(ok(answer.encode())));
        return version;
    }

    @Override
    public String absentVersion() {
        return UUID.randomUUID().toString();
    }

    @Override
    public void fail(String name, Fault fault) {
        switch (fault) {
            case ACCESS_DENIED -> answer(name, error(400, "AccessDeniedException"));
            case BAD_CREDENTIALS -> answer(name, error(400, "UnrecognizedClientException"));
            case THROTTLED -> answer(name, error(400, "ThrottlingException").withHeader("Retry-After", "7"));
            case SERVER_ERROR -> answer(name, error(500, "InternalServiceError"));
            case SERVER_UNAVAILABLE -> answer(name, aResponse().withStatus(503).withBody("<html>busy</html>"));
            case TIMEOUT -> answer(name, ok("{}").withFixedDelay(5000));
            case CONNECTION_RESET ->
                answer(
                        name,
                        aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER));
            case MALFORMED -> answer(name, ok("{\"SecretString\": " + BackendContract.CANARY));
            case EMPTY_ANSWER -> answer(name, ok("{}"));
            case CONNECTION_REFUSED -> backend = backend("http://127.0.0.1:1");
            case TLS_UNTRUSTED -> backend = backend("https://localhost:" + server.httpsPort());
            case CHECKSUM_MISMATCH -> throw new IllegalArgumentException("AWS has no checksums");
        }
    }

    void answer(String name, ResponseDefinitionBuilder answer) {
        server.stubFor(read(name).atPriority(1).willReturn(answer));
    }

    private static MappingBuilder read(String name) {
        return post(urlEqualTo("/"))
                .withHeader("X-Amz-Target", equalTo("secretsmanager.GetSecretValue"))
                .withRequestBody(matchingJsonPath("$.SecretId", equalTo(name)));
    }

    static ResponseDefinitionBuilder ok(String body) {
        return aResponse()
                .withHeader("Content-Type", "application/x-amz-json-1.1")
                .withBody(body);
    }

    static ResponseDefinitionBuilder error(int status, String code) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/x-amz-json-1.1")
                .withBody(new JsonObject()
                        .put("__type", code)
                        .put("message", "words of AWS")
                        .encode());
    }

    private static boolean isText(byte[] value) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Override
    public int reads(String name) {
        return server.countRequestsMatching(postRequestedFor(urlEqualTo("/"))
                        .withRequestBody(matchingJsonPath("$.SecretId", equalTo(name)))
                        .build())
                .getCount();
    }

    @Override
    public void close() {
        server.stop();
    }
}
