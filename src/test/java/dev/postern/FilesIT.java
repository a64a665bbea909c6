package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service renders secrets into files, and again when they change. */
class FilesIT {
    private static final int ROTATIONS = 4;

    @TempDir
    Path home;

    private Path secrets;
    private Path rendered;

    @BeforeEach
    void directories() throws IOException {
        secrets = Files.createDirectory(home.resolve("secrets"));
        rendered = home.resolve("rendered/app.env");
        rotate("app", "first");
    }

    private void rotate(String name, String value) throws IOException {
        Path made = Files.writeString(home.resolve("made"), value);
        Files.move(made, secrets.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private PackagedService start(String files) throws IOException {
        return PackagedService.start(
                home, Map.of("POSTERN_CONFIG", configure(files).toString()));
    }

    private Path configure(String files) throws IOException {
        String yaml = """
                postern:
                  backends: {file: {enabled: true, directory: %s}}
                  cache: {ttl: 1s}
                  audit: {deadline: 10s}
                  policy: {nobody: {callers: [token-file], allow: [other]}}
                  files: %s
                """.formatted(secrets, files);
        return Files.writeString(home.resolve("postern.yaml"), yaml);
    }

    private static void eventually(Runnable check) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(check::run);
    }

    private int started(PackagedService service) throws IOException, InterruptedException {
        return health(service, "started").statusCode();
    }

    private HttpResponse<String> health(PackagedService service, String check)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + service.managementPort() + "/health/" + check);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_file_follows_each_rotation_and_the_workload_is_told() throws Exception {
        Path told = home.resolve("told");
        try (PackagedService service = start("{app: {path: " + rendered + ", secrets: {KEY: 'file:app'},"
                        + " remove-on-stop: true, on-change: {command: [touch, " + told + "]}}}")
                .listening()) {
            eventually(() -> assertThat(rendered).hasContent("KEY='first'"));
            eventually(() -> assertThat(service.err()).contains("is current"));
            assertThat(started(service)).isEqualTo(200);
            assertThat(told).doesNotExist();
            for (int i = 0; i < ROTATIONS; i++) {
                rotate("app", "value " + i);
                String line = "KEY='value " + i + "'";
                eventually(() -> assertThat(rendered).hasContent(line));
            }
            eventually(() -> assertThat(told).exists());
            service.terminate();
            service.exitCode();
            assertThat(rendered).doesNotExist();
            assertThat(service.out())
                    .contains("\"user.id\":\"files:app\"", "\"postern.interface\":\"files\"")
                    .doesNotContain("value 1");
        }
    }

    @Test
    void a_command_is_in_the_log_without_values_and_a_process_gets_its_signal() throws Exception {
        Path pid = home.resolve("app.pid");
        Path told = home.resolve("told");
        Process workload = new ProcessBuilder(
                        "sh",
                        "-c",
                        "trap 'touch " + told + "' USR1; echo $$ > " + pid + "; while :; do sleep 0.1; done")
                .start();
        try (PackagedService service = start("{command: {path: " + rendered + ", secrets: {KEY: 'file:app'},"
                        + " on-change: {command: [sh, -c, 'echo It is; cat \"$POSTERN_FILE\"; exit 3']}},"
                        + " signal: {path: " + rendered + "2, secrets: {KEY: 'file:app'},"
                        + " on-change: {signal: USR1, pid-file: " + pid + "}}}")
                .listening()) {
            eventually(() -> assertThat(rendered).exists());
            eventually(() -> assertThat(home.resolve("rendered/app.env2")).exists());
            rotate("app", "canary");
            eventually(() -> assertThat(told).exists());
            eventually(
                    () -> assertThat(service.err()).contains("exit code 3 (attempt 1 of 3), output: It is | KEY=***"));
            assertThat(service.err()).doesNotContain("canary", "first").contains("is on a disk");
        } finally {
            workload.destroyForcibly().waitFor();
        }
    }

    @Test
    void a_change_while_the_service_was_stopped_is_told() throws Exception {
        Path told = home.resolve("told");
        Files.createDirectory(rendered.getParent());
        Files.writeString(rendered, "KEY='of before'\n");
        try (PackagedService service = start("{app: {path: " + rendered + ", secrets: {KEY: 'file:app'},"
                        + " on-change: {command: [touch, " + told + "]}}}")
                .listening()) {
            eventually(() -> assertThat(told).exists());
            assertThat(rendered).hasContent("KEY='first'");
            assertThat(service.err()).contains("told the workload");
        }
    }

    @Test
    void files_follow_the_configuration_file_and_a_broken_one_changes_nothing() throws Exception {
        rotate("db", "{\"user\":\"a\",\"password\":\"b\"}");
        Path removed = home.resolve("rendered/removed.env");
        Path added = home.resolve("rendered/added.json");
        String kept = "{keep: {path: " + rendered + ", secrets: {KEY: 'file:%s'}}, %s}";
        String json = "added: {path: " + added + ", format: json, secrets: {KEY: 'file:app'}}";
        try (PackagedService service = start(kept.formatted(
                        "app", "gone: {path: " + removed + ", remove-on-stop: true, secrets: {A: 'file:app'}}"))
                .listening()) {
            eventually(() -> assertThat(removed).exists());
            eventually(() -> assertThat(rendered).hasContent("KEY='first'"));

            configure(kept.formatted("db#user", json));
            eventually(() -> assertThat(rendered).hasContent("KEY='a'"));
            eventually(() -> assertThat(added).hasContent("{\"KEY\":\"first\"}"));
            eventually(() -> assertThat(removed).doesNotExist());
            assertThat(health(service, "ready").body()).contains("\"keep\"").doesNotContain("\"gone\"");

            configure(kept.formatted("db#password", "bad: {path: /x/y, format: raw, secrets: {A: 'file:app', B: x}}"));
            eventually(() -> assertThat(service.err())
                    .contains("Keeping the previous policy until this is fixed: postern.files.bad.secrets"));
            rotate("app", "second");
            eventually(() -> assertThat(added).hasContent("{\"KEY\":\"second\"}"));
            assertThat(rendered).hasContent("KEY='a'");
            assertThat(started(service)).isEqualTo(200);
        }
    }

    @Test
    void nothing_is_started_on_half_an_environment() throws Exception {
        try (PackagedService service = start(
                        "{app: {path: " + rendered + ", secrets: {KEY: 'file:app', OTHER: 'file:late'}}}")
                .listening()) {
            eventually(() -> assertThat(service.err()).contains("is not current: secret-not-found"));
            assertThat(started(service)).isEqualTo(503);
            assertThat(rendered).doesNotExist();
            rotate("late", "there");
            eventually(() -> assertThat(rendered).hasContent("KEY='first'\nOTHER='there'"));
            assertThat(started(service)).isEqualTo(200);
        }
    }

    @Test
    void a_file_of_a_secret_that_is_gone_stays_or_goes_as_it_is_told() throws Exception {
        Path removed = home.resolve("rendered/removed.env");
        try (PackagedService service = start(
                        "{keep: {path: " + rendered + ", secrets: {KEY: 'file:app'}}, remove: {path: " + removed
                                + ", on-missing: remove, secrets: {KEY: 'file:app'}}}")
                .listening()) {
            eventually(() -> assertThat(removed).exists());
            eventually(() -> assertThat(rendered).exists());
            Files.delete(secrets.resolve("app"));
            eventually(() -> assertThat(removed).doesNotExist());
            assertThat(rendered).hasContent("KEY='first'");
            rotate("app", "again");
            eventually(() -> assertThat(removed).hasContent("KEY='again'"));
            eventually(() -> assertThat(rendered).hasContent("KEY='again'"));
            assertThat(service.err()).doesNotContain("again");
        }
    }

    @Test
    void a_directory_is_what_other_programs_read() throws Exception {
        rotate("db", "{\"user\":\"a\",\"password\":\"b\"}");
        Path tree = home.resolve("rendered/tree");
        try (PackagedService service = start("{tree: {path: " + tree + ", format: directory, mode: '0440',"
                        + " secrets: {db.user: 'file:db#user', db.password: 'file:db#password'}}}")
                .listening()) {
            eventually(() -> assertThat(service.err()).contains("is current"));
            assertThat(tree.resolve("db.user")).hasContent("a");
            assertThat(tree.resolve("db.password")).hasContent("b");
            assertThat(List.of(tree.toFile().list((where, name) -> !name.startsWith(".."))))
                    .containsExactlyInAnyOrder("db.user", "db.password");
        }
    }
}
