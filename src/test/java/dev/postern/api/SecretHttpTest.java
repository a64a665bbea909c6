package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.blankOrNullString;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /secrets/{name}}: what it answers when all is well. */
@QuarkusTest
class SecretHttpTest {
    @Inject
    ServiceUnderTest service;

    @Inject
    @Identifier("fault")
    FaultBackend fault;

    @Test
    void json_tells_the_value_and_all_that_is_known_of_it() {
        service.holder()
                .get("/secrets/fault:json?version=3")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("name", equalTo("fault:json"))
                .body("value", matchesPattern("value [0-9]+"))
                .body("encoding", equalTo("utf-8"))
                .body("version", equalTo("3"))
                .body("backend", equalTo("fault"))
                .body("createdAt", equalTo("2026-01-02T03:04:05Z"))
                .body("fetchedAt", notNullValue());
    }

    @Test
    void what_the_backend_does_not_know_is_null() {
        service.holder()
                .get("/secrets/REDIS_URL")
                .then()
                .body("$", hasKey("version"))
                .body("version", nullValue())
                .body("createdAt", nullValue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SECRET_KEY            | canary-value with \"quotes\", \u00fcn\u00efcode and \\ backslash",
                "DATABASE_URL          | postgresql://canary-value:p@ss:w/rd?x@db.example:5432/app?sslmode=require",
                "REDIS_URL             | redis://canary-value@localhost:6379/0",
                "OPENAI_API_KEY        | sk-canary-value",
                "ANTHROPIC_API_KEY     | sk-ant-canary-value",
                "AWS_ACCESS_KEY_ID     | AKIAcanary-value",
                "AWS_SECRET_ACCESS_KEY | canary-value/abc+def=",
                "HF_API_TOKEN          | hf_canary-value",
            })
    void the_names_of_the_guide_are_read_from_an_env_file(String name, String value) {
        assertThat(service.holder().get("/secrets/" + name).path("value").toString())
                .isEqualTo(value);
        assertThat(service.holder().accept("text/plain").get("/secrets/" + name).asString())
                .isEqualTo(value);
    }

    @Test
    void the_ninth_name_of_the_guide_is_a_document_with_fields() {
        service.holder()
                .accept("text/plain")
                .get("/secrets/GCP_SERVICE_ACCOUNT?property=type")
                .then()
                .statusCode(200)
                .body(equalTo("service_account"));
    }

    @Test
    void plain_text_is_the_value_alone() {
        Response response = service.holder().accept("text/plain").get("/secrets/OPENAI_API_KEY");
        assertThat(response.contentType()).isEqualTo("text/plain;charset=UTF-8");
        assertThat(response.asByteArray())
                .isEqualTo("sk-canary-value".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void an_empty_secret_is_a_secret() {
        service.holder()
                .accept("text/plain")
                .get("/secrets/EMPTY")
                .then()
                .statusCode(200)
                .body(emptyString());
        service.holder().get("/secrets/EMPTY").then().statusCode(200).body("value", equalTo(""));
    }

    @Test
    void bytes_survive_unchanged() throws IOException {
        byte[] expected = Files.readAllBytes(Path.of("src/test/resources/files/binary"));
        assertThat(service.holder()
                        .accept("application/octet-stream")
                        .get("/secrets/CERTIFICATE")
                        .asByteArray())
                .isEqualTo(expected);
        service.holder()
                .get("/secrets/CERTIFICATE")
                .then()
                .body("encoding", equalTo("base64"))
                .body("value", equalTo(Base64.getEncoder().encodeToString(expected)));
    }

    @Test
    void bytes_are_not_acceptable_as_text() {
        service.holder()
                .accept("text/plain")
                .get("/secrets/CERTIFICATE")
                .then()
                .statusCode(406)
                .body("code", equalTo("not-acceptable"));
    }

    @Test
    void an_alias_reads_a_field_in_another_backend() {
        service.holder()
                .get("/secrets/ALIAS")
                .then()
                .body("name", equalTo("ALIAS"))
                .body("value", equalTo("postgresql://canary-value@prod/app"))
                .body("backend", equalTo("file"));
    }

    @Test
    void a_name_may_have_slashes_and_a_backend() {
        service.holder()
                .accept("text/plain")
                .get("/secrets/file:ml-workflow/production/app?property=PORT")
                .then()
                .statusCode(200)
                .body(equalTo("5432"));
    }

    @Test
    void a_property_may_be_a_json_pointer() {
        service.holder()
                .accept("text/plain")
                .get("/secrets/GCP_SERVICE_ACCOUNT?property=/nested/deep/0")
                .then()
                .statusCode(200)
                .body(equalTo("canary-value"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOPE",
                "NOWHERE",
                "DATABASE_URL?property=x",
                "GCP_SERVICE_ACCOUNT?property=nope",
                "GCP_SERVICE_ACCOUNT?property=none",
                "DATABASE_URL?version=1",
                "file:ml-workflow",
                "fault:absent"
            })
    void what_there_is_not_is_not_found(String path) {
        service.holder()
                .get("/secrets/" + path)
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", equalTo("secret-not-found"));
    }

    @Test
    void the_second_read_is_a_hit_that_tells_its_age_and_rest() {
        service.holder()
                .get("/secrets/fault:twice")
                .then()
                .header("Cache-Status", "postern; fwd=miss")
                .header("Age", "0");
        int calls = fault.calls();
        service.holder()
                .get("/secrets/fault:twice")
                .then()
                .header("Cache-Status", matchesPattern("postern; hit; ttl=(2[6-9][0-9]|300)"))
                .header("Age", matchesPattern("[0-9]+"));
        assertThat(fault.calls()).isEqualTo(calls);
    }

    @Test
    void a_refresh_asks_the_backend_once_a_second_at_most() {
        String first = service.holder().get("/secrets/fault:refreshed").path("value");
        service.holder()
                .get("/secrets/fault:refreshed?refresh=true")
                .then()
                .statusCode(200)
                .header("Cache-Status", "postern; fwd=request")
                .body("value", not(equalTo(first)));
        service.holder()
                .get("/secrets/fault:refreshed?refresh=true")
                .then()
                .statusCode(429)
                .header("Retry-After", "1")
                .body("code", equalTo("too-many-requests"));
    }

    @Test
    void every_answer_forbids_to_store_or_to_sniff_it_and_has_an_id() {
        for (String path : new String[] {"/secrets/EMPTY", "/secrets/NOPE", "/secrets", "/nope", "/secrets/.."}) {
            service.holder()
                    .get(path)
                    .then()
                    .header("Cache-Control", "no-store")
                    .header("X-Content-Type-Options", "nosniff")
                    .header("X-Request-Id", matchesPattern("[0-9a-f]{16}"));
        }
    }

    @Test
    void a_callers_own_id_is_echoed() {
        service.holder()
                .header("X-Request-Id", "my-id.1")
                .get("/secrets/NOPE")
                .then()
                .header("X-Request-Id", "my-id.1")
                .body("requestId", equalTo("my-id.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "application/octet-stream"})
    void what_the_caller_has_already_is_not_sent_again(String accept) {
        String tag = service.holder().accept(accept).get("/secrets/REDIS_URL").header("ETag");
        service.holder()
                .accept(accept)
                .header("If-None-Match", tag)
                .get("/secrets/REDIS_URL")
                .then()
                .statusCode(304)
                .header("ETag", tag)
                .body(blankOrNullString());
        service.holder()
                .accept(accept)
                .header("If-None-Match", "\"another\"")
                .get("/secrets/REDIS_URL")
                .then()
                .statusCode(200);
    }

    @Test
    void an_entity_tag_is_for_one_value_and_one_representation() {
        String json = service.holder().get("/secrets/REDIS_URL").header("ETag");
        String text =
                service.holder().accept("text/plain").get("/secrets/REDIS_URL").header("ETag");
        String other = service.holder().get("/secrets/EMPTY").header("ETag");
        assertThat(json).startsWith("W/").isNotEqualTo(text).isNotEqualTo(other);
    }

    @Test
    void head_has_the_fields_of_get_and_no_body() {
        Response get = service.holder().accept("text/plain").get("/secrets/REDIS_URL");
        Response head = service.holder().accept("text/plain").head("/secrets/REDIS_URL");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.asByteArray()).isEmpty();
        for (String field : new String[] {"Content-Type", "Content-Length", "ETag"}) {
            assertThat(head.header(field)).isEqualTo(get.header(field));
        }
        service.holder().head("/secrets/NOPE").then().statusCode(404).body(blankOrNullString());
    }

    @Test
    void the_collection_lists_the_aliases_by_name() {
        service.holder()
                .get("/secrets")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("names", is(java.util.List.of("ALIAS", "CERTIFICATE", "NOWHERE")))
                .body(not(containsString("canary")));
    }
}
