package dev.postern;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.postern.backend.TestTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service with credentials that Google's library finds by itself, against Secret Manager over TLS. */
class GcpCredentialsIT {
    private static final String ACCESS =
            "/v1/projects/ml-workflow-prod/secrets/ml-workflow-secret-key/versions/latest:access";

    @TempDir
    Path home;

    private WireMockServer google;

    @BeforeEach
    void start() throws Exception {
        google = new WireMockServer(TestTls.server(TestTls.keyStore(home))
                .httpDisabled(false)
                .dynamicPort()
                .bindAddress("127.0.0.1"));
        google.start();
        google.stubFor(any(anyUrl()).atPriority(10).willReturn(jsonResponse("{\"error\":{\"status\":\"X\"}}", 401)));
    }

    @AfterEach
    void stop() {
        google.stop();
    }

    @Test
    void the_metadata_server_gives_tokens() throws Exception {
        google.stubFor(get("/").willReturn(okJson("{}").withHeader("Metadata-Flavor", "Google")));
        google.stubFor(get(urlPathEqualTo("/computeMetadata/v1/instance/service-accounts/default/token"))
                .withHeader("Metadata-Flavor", equalTo("Google"))
                .willReturn(okJson(
                        "{\"access_token\":\"canary-credential-1\",\"expires_in\":3599,\"token_type\":\"Bearer\"}")));
        secretFor("canary-credential-1");
        reads(Map.of("GCE_METADATA_HOST", "127.0.0.1:" + google.port(), "NO_GCE_CHECK", "false"));
    }

    @Test
    void a_workloads_own_token_is_exchanged() throws Exception {
        Path subject = Files.writeString(home.resolve("subject"), "canary-credential-of-the-pod");
        Path credentials =
                Files.writeString(home.resolve("federation.json"), """
                        {"type": "external_account",
                         "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k",
                         "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                         "token_url": "https://127.0.0.1:%d/v1/token",
                         "credential_source": {"file": "%s"}}
                        """.formatted(google.httpsPort(), subject));
        google.stubFor(post("/v1/token")
                .withFormParam("grant_type", equalTo("urn:ietf:params:oauth:grant-type:token-exchange"))
                .withFormParam("subject_token", equalTo("canary-credential-of-the-pod"))
                .willReturn(okJson("{\"access_token\":\"canary-credential-2\",\"expires_in\":3599,"
                        + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\","
                        + "\"token_type\":\"Bearer\"}")));
        secretFor("canary-credential-2");
        reads(Map.of("GOOGLE_APPLICATION_CREDENTIALS", credentials.toString()));
    }

    private void secretFor(String token) {
        google.stubFor(get(urlPathEqualTo(ACCESS))
                .withHeader("Authorization", equalTo("Bearer " + token))
                // The CRC32C of 123456789 is the check value of the algorithm's definition.
                .willReturn(okJson("{\"name\":\"projects/1/secrets/ml-workflow-secret-key/versions/3\","
                        + "\"payload\":{\"data\":\"MTIzNDU2Nzg5\",\"dataCrc32c\":\"3808858755\"}}")));
    }

    private void reads(Map<String, String> credentials) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(credentials);
        environment.put("SECRETS_BACKEND", "gcp");
        environment.put("GOOGLE_CLOUD_PROJECT", "ml-workflow-prod");
        environment.put("POSTERN_BACKENDS_GCP_ENDPOINT", "https://127.0.0.1:" + google.httpsPort());
        environment.put("POSTERN_BACKENDS_GCP_TIMEOUT", "20s");
        environment.put(
                "JAVA_TOOL_OPTIONS",
                "-Djavax.net.ssl.trustStore=" + home.resolve("server.p12") + " -Djavax.net.ssl.trustStorePassword="
                        + TestTls.PASSWORD);
        try (PackagedService service = PackagedService.start(home, environment).listening()) {
            assertThat(service.get("/secrets/ml-workflow-secret-key").body()).isEqualTo("123456789");
            assertThat(service.err() + service.out()).doesNotContain("canary-credential", "123456789");
        }
    }
}
