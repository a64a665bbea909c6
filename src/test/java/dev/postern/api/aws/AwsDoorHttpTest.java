package dev.postern.api.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.postern.api.CapturedAudit;
import dev.postern.api.CompatibleDoors;
import dev.postern.api.ServiceUnderTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** What clients of AWS Secrets Manager and of its agent ask, and what they get. */
@QuarkusTest
@TestProfile(CompatibleDoors.Open.class)
class AwsDoorHttpTest {
    @Inject
    CompatibleDoors doors;

    @Inject
    ServiceUnderTest service;

    @Inject
    CapturedAudit audit;

    private SecretsManagerClient sdk(String token) {
        return SecretsManagerClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + doors.awsPort()))
                .region(Region.EU_CENTRAL_1)
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsSessionCredentials.create("any", "any", token)))
                .build();
    }

    @Test
    void the_sdk_reads_text_and_bytes() {
        try (SecretsManagerClient sdk = sdk(service.token())) {
            GetSecretValueResponse text = sdk.getSecretValue(request -> request.secretId("DATABASE_URL"));
            assertThat(text.secretString()).contains("db.example");
            assertThat(text.name()).isEqualTo("DATABASE_URL");
            assertThat(text.versionStages()).containsExactly("AWSCURRENT");
            assertThat(text.versionId()).hasSizeBetween(32, 64);
            GetSecretValueResponse bytes = sdk.getSecretValue(request -> request.secretId("CERTIFICATE"));
            assertThat(bytes.secretBinary()).isNotNull();
            assertThat(bytes.secretString()).isNull();
        }
    }

    @Test
    void the_sdk_gets_the_version_that_a_description_names() {
        try (SecretsManagerClient sdk = sdk(service.token())) {
            DescribeSecretResponse described = sdk.describeSecret(request -> request.secretId("DATABASE_URL"));
            String id = described.versionIdsToStages().keySet().iterator().next();
            assertThat(sdk.getSecretValue(
                                    request -> request.secretId("DATABASE_URL").versionId(id))
                            .versionId())
                    .isEqualTo(id);
            assertThatThrownBy(() -> sdk.getSecretValue(
                            request -> request.secretId("DATABASE_URL").versionId("postern-v-" + "x".repeat(22))))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
    }

    @Test
    void the_sdk_knows_what_is_missing_and_what_is_denied() {
        try (SecretsManagerClient sdk = sdk(service.token());
                SecretsManagerClient stranger = sdk("wrong")) {
            assertThatThrownBy(() -> sdk.getSecretValue(request -> request.secretId("absent")))
                    .isInstanceOf(ResourceNotFoundException.class);
            assertThatThrownBy(() -> sdk.getSecretValue(request -> request.secretId("SECRET_KEY")))
                    .isInstanceOfSatisfying(
                            SecretsManagerException.class,
                            failure -> assertThat(failure.awsErrorDetails().errorCode())
                                    .isEqualTo("AccessDeniedException"));
            assertThatThrownBy(() -> stranger.getSecretValue(request -> request.secretId("DATABASE_URL")))
                    .isInstanceOfSatisfying(
                            SecretsManagerException.class,
                            failure -> assertThat(failure.awsErrorDetails().errorCode())
                                    .isEqualTo("UnrecognizedClientException"));
        }
    }

    @Test
    void a_batch_has_what_can_be_read_and_an_error_for_the_rest() {
        Response answer = doors.operation(
                        "BatchGetSecretValue", "{\"SecretIdList\":[\"DATABASE_URL\",\"absent\",\"SECRET_KEY\"]}")
                .post("/");
        answer.then()
                .statusCode(200)
                .body("SecretValues.Name", hasItem("DATABASE_URL"))
                .body("Errors.SecretId", hasItems("absent", "SECRET_KEY"))
                .body("Errors.ErrorCode", hasItems("ResourceNotFoundException", "AccessDeniedException"));
        assertThat(audit.of(answer.header("X-Request-Id")))
                .hasSize(3)
                .allSatisfy(
                        line -> assertThat(line.getString("postern.interface")).isEqualTo("aws"));
    }

    @Test
    void a_batch_of_one_that_fails_is_no_failure() {
        doors.operation("BatchGetSecretValue", "{\"SecretIdList\":[\"absent\"]}")
                .post("/")
                .then()
                .statusCode(200)
                .body("Errors[0].ErrorCode", equalTo("ResourceNotFoundException"));
    }

    @Test
    void a_description_has_no_value() {
        Response answer = doors.operation("DescribeSecret", "{\"SecretId\":\"DATABASE_URL\"}")
                .post("/");
        answer.then().statusCode(200).body(not(containsString("canary-value")));
        assertThat(audit.of(answer.header("X-Request-Id")).get(0).getString("event.action"))
                .isEqualTo("secret-describe");
        doors.operation("ListSecretVersionIds", "{\"SecretId\":\"DATABASE_URL\"}")
                .post("/")
                .then()
                .statusCode(200)
                .body("Versions[0].VersionStages[0]", equalTo("AWSCURRENT"))
                .body(not(containsString("canary-value")));
    }

    @Test
    void a_list_has_the_aliases_that_the_caller_may_read() {
        doors.operation("ListSecrets", "{}")
                .post("/")
                .then()
                .statusCode(200)
                .body("SecretList.Name", hasItems("ALIAS", "CERTIFICATE"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GetSecretValue      | {}                                        | InvalidParameterException",
                "GetSecretValue      | {\"SecretId\":\"\"}                       | InvalidParameterException",
                "GetSecretValue      | {\"SecretId\":\"a//b\"}                   | InvalidParameterException",
                "GetSecretValue      | {\"SecretId\":\"a\",\"VersionId\":\"a b\"} | InvalidParameterException",
                "GetSecretValue      | [                                         | InvalidParameterException",
                "GetSecretValue      | {} x                                      | InvalidParameterException",
                "BatchGetSecretValue | {\"Filters\":[]}                          | InvalidParameterException",
                "PutSecretValue      | {\"SecretId\":\"a\"}                      | InvalidRequestException",
                "NoSuchOperation     | {}                                        | UnknownOperationException",
            })
    void bad_input_gets_an_error_of_the_api(String operation, String input, String code) {
        doors.operation(operation, input)
                .post("/")
                .then()
                .statusCode(400)
                .header("x-amzn-ErrorType", code)
                .body("__type", equalTo(code));
    }

    @Test
    void a_body_that_nests_deeply_or_is_too_large_gets_an_error_of_the_api() {
        for (String input : new String[] {"{\"a\":".repeat(10_000), " ".repeat(65 * 1024)}) {
            doors.operation("GetSecretValue", input)
                    .post("/")
                    .then()
                    .statusCode(400)
                    .body("__type", equalTo("InvalidParameterException"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "denied,      400, AccessDeniedException",
        "error,       500, InternalServiceError",
        "unavailable, 500, InternalServiceError",
        "slow,        500, InternalServiceError",
    })
    void a_fault_of_the_manager_comes_without_its_words(String name, int status, String code) {
        service.heal();
        // Not a name of the default backend, which is the one behind this door.
        doors.operation("GetSecretValue", "{\"SecretId\":\"FAULT_" + name + "\"}")
                .post("/")
                .then()
                .statusCode(status)
                .body("__type", equalTo(code))
                .body(not(containsString("canary")));
    }

    @Test
    void the_agents_clients_read_by_query_and_by_path() {
        for (String path : new String[] {"/secretsmanager/get?secretId=DATABASE_URL", "/v1/DATABASE_URL"}) {
            doors.agentHolder()
                    .get(path)
                    .then()
                    .statusCode(200)
                    .body("SecretString", containsString("db.example"))
                    .body("VersionStages[0]", equalTo("AWSCURRENT"))
                    .body("SecretBinary", nullValue());
        }
        doors.aws()
                .header("X-Vault-Token", service.token())
                .get("/v1/DATABASE_URL")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/secretsmanager/get                              | 400 | missing parameter secretId",
                "/secretsmanager/get?secretId=                    | 400 | missing parameter secretId",
                "/secretsmanager/get?secretId=a&foo=1             | 400 | unknown parameter: foo",
                "/secretsmanager/get?secretId=a&%7B%7D=1          | 400 | unknown parameter",
                "/secretsmanager/get?secretId=a&refreshNow=maybe  | 400 | invalid refreshNow value",
                "/v1/                                             | 400 | missing secret ID",
                "/v1/a?secretId=b                                 | 400 | unknown parameter: secretId",
                "/nope                                            | 404 | Not found",
            })
    void bad_requests_get_the_agents_words(String path, int status, String text) {
        assertThat(doors.agentHolder()
                        .get(path)
                        .then()
                        .statusCode(status)
                        .extract()
                        .asString())
                .isEqualTo(text);
    }

    @Test
    void the_agents_clients_know_what_is_missing_denied_or_not_theirs() {
        doors.agentHolder()
                .get("/v1/absent")
                .then()
                .statusCode(400)
                .body("__type", equalTo("ResourceNotFoundException"));
        doors.agentHolder()
                .get("/v1/SECRET_KEY")
                .then()
                .statusCode(400)
                .body("__type", equalTo("AccessDeniedException"));
        assertThat(doors.aws()
                        .get("/v1/DATABASE_URL")
                        .then()
                        .statusCode(403)
                        .extract()
                        .asString())
                .isEqualTo("Bad Token");
        assertThat(doors.agentHolder().post("/v1/DATABASE_URL").statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secretId=DATABASE_URL&refreshNow=true", "secretId=GCP_SERVICE_ACCOUNT%23type"})
    void a_query_may_ask_for_a_refresh_or_a_field(String query) {
        doors.agentHolder().get("/secretsmanager/get?" + query).then().statusCode(200);
    }

    @Test
    void a_ping_needs_no_token() {
        assertThat(doors.aws().get("/ping").then().statusCode(200).extract().asString())
                .isEqualTo("healthy");
    }

    @Test
    void an_sdk_gets_its_own_token_as_credentials() {
        doors.aws()
                .header("Authorization", service.token())
                .get("/credentials")
                .then()
                .statusCode(200)
                .body("Token", equalTo(service.token()));
        doors.aws().header("Authorization", "wrong").get("/credentials").then().statusCode(400);
    }

    @Test
    void a_forwarded_request_is_refused() {
        doors.agentHolder()
                .header("X-Forwarded-For", "192.0.2.1")
                .get("/v1/DATABASE_URL")
                .then()
                .statusCode(400);
    }
}
