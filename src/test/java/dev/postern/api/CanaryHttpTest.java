package dev.postern.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.TokenFile;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Level;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

/** Values, tokens and a backend's own words are looked for wherever they must not be. */
@QuarkusTest
class CanaryHttpTest {
    private static final String VALUE = "canary-value";
    private static final String UPSTREAM = "canary-upstream";

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    ServiceUnderTest service;

    @Inject
    CompatibleDoors doors;

    @Inject
    CapturedAudit audit;

    @Inject
    TokenFile tokenFile;

    @Test
    void no_value_and_no_token_leaves_but_in_the_answer_that_it_is_asked_for() {
        LogCapture log = new LogCapture();
        Logger root = LogContext.getLogContext().getLogger("");
        Logger ours = LogContext.getLogContext().getLogger("dev.postern");
        Level before = ours.getLevel();
        root.addHandler(log);
        ours.setLevel(Level.ALL);
        try {
            List<String> failures = exercise();
            assertThat(failures).hasSizeGreaterThan(20);
            assertClean("an error", failures, VALUE, UPSTREAM, service.token(), "wrong-canary-token");
        } finally {
            root.removeHandler(log);
            ours.setLevel(before);
        }
        assertThat(audit.lines()).hasSizeGreaterThan(20);
        assertClean("the audit log", audit.lines(), VALUE, UPSTREAM, service.token(), "wrong-canary-token");
        assertThat(log.lines()).anyMatch(line -> line.contains(UPSTREAM));
        assertClean("the log", log.lines(), VALUE, service.token(), "wrong-canary-token");
        assertClean("metrics", List.of(get("/metrics")), VALUE, UPSTREAM, service.token());
        assertClean(
                "health",
                List.of(get("/health/live"), get("/health/ready"), get("/health/started")),
                VALUE,
                service.token());
        assertClean("toString", List.of(tokenFile.toString()), service.token());
    }

    /** Every path, good and bad; the bodies and fields of those that failed. */
    private List<String> exercise() {
        List<String> failures = new ArrayList<>();
        String[] paths = {
            "SECRET_KEY",
            "DATABASE_URL",
            "GCP_SERVICE_ACCOUNT?property=private_key",
            "ALIAS",
            "CERTIFICATE",
            "EMPTY",
            "NOPE",
            "NOWHERE",
            "GCP_SERVICE_ACCOUNT?property=nope",
            "DATABASE_URL?property=x",
            "DATABASE_URL?version=1",
            "fault:denied",
            "fault:error",
            "fault:unavailable",
            "fault:bug",
            "fault:slow",
            "fault:absent",
            "..",
            "a%2Fb",
            "a?x=y",
            "DATABASE_URL?refresh=true",
            "DATABASE_URL?refresh=true",
            "env:DATABASE_URL",
            "nope:x"
        };
        for (String path : paths) {
            for (String accept :
                    new String[] {"application/json", "text/plain", "application/octet-stream", "text/html"}) {
                keep(failures, service.holder().accept(accept).get("/secrets/" + path));
            }
            keep(failures, service.anonymous().get("/secrets/" + path));
            keep(
                    failures,
                    service.anonymous()
                            .header("Authorization", "Bearer wrong-canary-token")
                            .get("/secrets/" + path));
            keep(failures, service.holder().header("Via", "x").get("/secrets/" + path));
            keep(failures, service.holder().post("/secrets/" + path));
        }
        keep(failures, service.holder().get("/secrets?" + service.token()));
        for (String name : new String[] {"SECRET_KEY", "NOPE", "fault:denied", "a//b", "x?y=" + service.token()}) {
            exerciseDoors(failures, name);
        }
        audit.fail(true);
        keep(failures, service.holder().get("/secrets/DATABASE_URL"));
        audit.fail(false);
        return failures;
    }

    private void exerciseDoors(List<String> failures, String name) {
        // A name is recorded, whatever it is.
        String input = "{\"SecretId\":\"" + name.replaceFirst("\\?.*", "") + "\"}";
        for (String token : new String[] {service.token(), "wrong-canary-token"}) {
            keep(failures, doors.vault().header("X-Vault-Token", token).get("/v1/secret/data/" + name));
            keep(failures, doors.vault().header("X-Vault-Token", token).get("/v1/secret/metadata/" + name));
            keep(failures, doors.vault().header("X-Vault-Namespace", token).get("/v1/secret/data/" + name));
            keep(failures, doors.vault().body("{\"jwt\":\"" + token + "x\"}").post("/v1/auth/a/login"));
            keep(failures, doors.aws().header("X-Vault-Token", token).get("/v1/" + name));
            keep(failures, doors.aws().header("Authorization", token + "x").get("/credentials"));
            for (String operation : new String[] {"GetSecretValue", "DescribeSecret", "PutSecretValue", token}) {
                keep(
                        failures,
                        doors.operationOf(token, operation, input)
                                .header("Authorization", "AWS4-HMAC-SHA256 Signature=wrong-canary-token")
                                .post("/"));
            }
        }
    }

    private static void keep(List<String> failures, Response response) {
        if (response.statusCode() >= 400) {
            failures.add(response.headers() + "\n" + response.asString());
        }
    }

    private String get(String path) {
        return given().get(management.resolve(path)).asString();
    }

    private static void assertClean(String where, List<String> texts, String... canaries) {
        assertThat(String.join("\n", texts)).as(where).doesNotContain(canaries);
    }

    private static final class LogCapture extends ExtHandler {
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

        LogCapture() {
            setLevel(Level.ALL);
            setFormatter(new PatternFormatter("%p %c %m %X%n%e"));
        }

        @Override
        protected void doPublish(ExtLogRecord record) {
            lines.add(getFormatter().format(record));
        }

        List<String> lines() {
            return List.copyOf(lines);
        }
    }
}
