package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With rules, what no rule allows is denied. */
@QuarkusTest
@TestProfile(PolicyHttpTest.Rules.class)
class PolicyHttpTest {
    public static final class Rules implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "postern.policy.holder.callers", "token-file",
                    "postern.policy.holder.allow", "ALIAS,GCP_SERVICE_ACCOUNT#type,fault:open/*",
                    "postern.policy.others.callers", "system:serviceaccount:ml:trainer",
                    "postern.policy.others.allow", "**");
        }
    }

    @Inject
    ServiceUnderTest service;

    @Inject
    @Identifier("fault")
    FaultBackend fault;

    @Inject
    CapturedAudit audit;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALIAS",
                "GCP_SERVICE_ACCOUNT?property=type",
                "GCP_SERVICE_ACCOUNT?property=/type",
                "fault:open/a"
            })
    void what_a_rule_allows_is_answered(String path) {
        service.holder().get("/secrets/" + path).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EMPTY",
                "NOPE",
                "GCP_SERVICE_ACCOUNT",
                "GCP_SERVICE_ACCOUNT?property=private_key",
                "env:GCP_SERVICE_ACCOUNT",
                "file:ml-workflow/production/app",
                "CERTIFICATE",
                "fault:open/a/b",
                "fault:open"
            })
    void what_no_rule_allows_is_forbidden_whether_it_exists_or_not(String path) {
        service.holder()
                .get("/secrets/" + path)
                .then()
                .statusCode(403)
                .body("code", equalTo("forbidden"))
                .body("detail", equalTo("No policy rule allows this caller to read this secret."));
    }

    @Test
    void no_backend_is_asked_for_what_is_forbidden() {
        int calls = fault.calls();
        service.holder().get("/secrets/fault:secret").then().statusCode(403);
        assertThat(fault.calls()).isEqualTo(calls);
    }

    @Test
    void a_denial_names_caller_and_secret_in_the_audit_log() {
        service.holder().header("X-Request-Id", "denied-1").get("/secrets/EMPTY");
        assertThat(audit.of("denied-1")).singleElement().satisfies(line -> {
            assertThat(line.getString("event.reason")).isEqualTo("no-rule");
            assertThat(line.getString("user.id")).isEqualTo("token-file");
            assertThat(line.getString("postern.secret")).isEqualTo("EMPTY");
        });
    }

    @Test
    void the_collection_lists_what_the_caller_may_read() {
        service.holder().get("/secrets").then().body("names", equalTo(List.of("ALIAS")));
    }
}
