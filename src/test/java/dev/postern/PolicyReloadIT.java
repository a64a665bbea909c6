package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of a running service follow its configuration file. */
class PolicyReloadIT {
    private static final String RULE =
            "postern: {secrets: {ONE: env:A, TWO: env:A}, policy: {r: {callers: [token-file], allow: [%s]}}}";

    @TempDir
    Path home;

    @Test
    void rules_change_with_the_file_and_stay_while_it_is_broken() throws Exception {
        Files.writeString(home.resolve(".env"), "A=b\n");
        configure(RULE.formatted("ONE"));
        try (PackagedService service = PackagedService.start(home, Map.of()).listening()) {
            assertThat(service.get("/secrets/ONE").statusCode()).isEqualTo(200);
            assertThat(service.get("/secrets/TWO").statusCode()).isEqualTo(403);

            configure(RULE.formatted("TWO"));
            waitFor(service, "Reloaded the policy from " + home.resolve("postern.yaml"));
            assertThat(service.get("/secrets/ONE").statusCode()).isEqualTo(403);
            assertThat(service.get("/secrets/TWO").body()).isEqualTo("b");
            assertThat(service.list()).isEqualTo("{\"names\":[\"TWO\"]}");

            configure("postern: {policy: {r: {callers: [nobody], allow: [ONE]}}}");
            waitFor(service, "Keeping the previous policy until this is fixed: postern.policy.r.callers: nobody");
            assertThat(service.get("/secrets/TWO").statusCode()).isEqualTo(200);

            configure("postern: {cache: {ttl: 3s}}");
            waitFor(service, "no rule is left");
            assertThat(service.get("/secrets/ONE").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void a_variable_goes_before_the_file_on_every_reading() throws Exception {
        Files.writeString(home.resolve(".env"), "A=b\n");
        configure(RULE.formatted("ONE"));
        try (PackagedService service = PackagedService.start(home, Map.of("POSTERN_POLICY_R_ALLOW", "TWO"))
                .listening()) {
            assertThat(service.list()).isEqualTo("{\"names\":[\"TWO\"]}");
            configure(RULE.formatted("ONE") + "\n");
            configure(RULE.formatted("ONE, A"));
            waitFor(service, "Reloaded the policy");
            assertThat(service.list()).isEqualTo("{\"names\":[\"TWO\"]}");
        }
    }

    private void configure(String yaml) throws IOException {
        Files.writeString(home.resolve("postern.yaml"), yaml);
    }

    private static void waitFor(PackagedService service, String line) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(service.err()).contains(line));
    }
}
