package dev.postern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.github.tomakehurst.wiremock.common.Json;
import dev.postern.backend.aws.FakeSecretsManager;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code docs/migration}, as they stand, with the packaged service and its settings from there. */
class MigrationIT {
    private static final Path EXAMPLES = Path.of("docs/migration").toAbsolutePath();
    private static final Path CLIENTS = Path.of("clients").toAbsolutePath();
    private static final Map<String, String> APP = Map.of(
            "SECRET_KEY", "  two  blanks * $(id) `id` $HOME \\n",
            "DATABASE_URL", "postgresql://user:p'ss@host:5432/db?sslmode=require",
            "REDIS_URL", "redis://host:6379/0\n# 404");
    private static final Map<String, String> API_KEYS =
            Map.of("OPENAI_API_KEY", "", "ANTHROPIC_API_KEY", "sk-ant-välue", "HF_API_TOKEN", "\"hf\"");

    private static final String PYTHON = "import config, json; print(json.dumps(config.secrets))";
    private static final String NODE = "import('./config.mjs').then(c => console.log(JSON.stringify(c.secrets)))";
    private static final String SHELL = ". ./config.sh; for name in SECRET_KEY DATABASE_URL REDIS_URL OPENAI_API_KEY "
            + "ANTHROPIC_API_KEY HF_API_TOKEN; do printenv $name; echo ---; done";
    private static final String GO = """
            package main

            import (
                "app/config"
                "encoding/json"
                "log"
                "os"
            )

            func main() {
                secrets, err := config.Secrets()
                if err != nil {
                    log.Fatal(err)
                }
                json.NewEncoder(os.Stdout).Encode(secrets)
            }
            """;

    @TempDir
    static Path home;

    private static FakeSecretsManager aws;
    private static PackagedService service;

    @TempDir
    Path temp;

    @BeforeAll
    static void start() throws IOException {
        aws = new FakeSecretsManager();
        aws.put("ml-workflow/production/app", Json.write(APP).getBytes(UTF_8));
        aws.put("ml-workflow/production/api-keys", Json.write(API_KEYS).getBytes(UTF_8));
        Map<String, String> environment = Map.of(
                "POSTERN_CONFIG", EXAMPLES.resolve("postern.yaml").toString(),
                "ENVIRONMENT", "production",
                "AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.url(),
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "made-up");
        service = PackagedService.start(home, environment).listening();
    }

    @AfterAll
    static void stop() {
        service.close();
        aws.close();
    }

    @Test
    void python_has_all_values() throws Exception {
        assertAllValues(python(service.tokenFile()));
    }

    @Test
    void python_ends_with_the_code() throws Exception {
        assertUnauthenticated(python(wrongToken()));
    }

    @Test
    void node_has_all_values() throws Exception {
        assertAllValues(node(service.tokenFile()));
    }

    @Test
    void node_ends_with_the_code() throws Exception {
        assertUnauthenticated(node(wrongToken()));
    }

    @Test
    void go_has_all_values() throws Exception {
        assertAllValues(go(service.tokenFile()));
    }

    @Test
    void go_ends_with_the_code() throws Exception {
        assertUnauthenticated(go(wrongToken()));
    }

    @Test
    void a_shell_has_all_values() throws Exception {
        Outcome outcome = shell(service.tokenFile(), SHELL);
        assertThat(outcome.printed().split("\n---\n", -1))
                .as(outcome.complained())
                .containsExactly(
                        APP.get("SECRET_KEY"),
                        APP.get("DATABASE_URL"),
                        APP.get("REDIS_URL"),
                        API_KEYS.get("OPENAI_API_KEY"),
                        API_KEYS.get("ANTHROPIC_API_KEY"),
                        API_KEYS.get("HF_API_TOKEN"),
                        "");
    }

    @Test
    void a_shell_ends_with_the_code() throws Exception {
        assertUnauthenticated(shell(wrongToken(), ". ./config.sh; echo went on"));
    }

    private record Outcome(int code, String printed, String complained) {}

    private Outcome python(Path token) throws Exception {
        return run(withClient("config.py", "python/postern.py"), token, "python3", "-B", "-c", PYTHON);
    }

    private Outcome node(Path token) throws Exception {
        return run(withClient("config.mjs", "node/postern.mjs"), token, "node", "--eval", NODE);
    }

    private Outcome shell(Path token, String script) throws Exception {
        return run(withClient("config.sh", "shell/postern.sh"), token, "sh", "-c", script);
    }

    private Outcome go(Path token) throws Exception {
        Path module = Files.createDirectory(temp.resolve("app"));
        Files.createDirectory(module.resolve("config"));
        Files.createDirectory(module.resolve("postern"));
        Files.copy(EXAMPLES.resolve("config.go"), module.resolve("config/config.go"));
        Files.copy(CLIENTS.resolve("go/postern.go"), module.resolve("postern/postern.go"));
        Files.writeString(module.resolve("main.go"), GO);
        Files.writeString(module.resolve("go.mod"), "module app\n\ngo 1.22\n");
        return run(module, token, "go", "run", ".");
    }

    /** A directory with an example and the client that it uses. */
    private Path withClient(String example, String client) throws IOException {
        Path directory = Files.createDirectory(temp.resolve("app"));
        Files.copy(EXAMPLES.resolve(example), directory.resolve(example));
        Path file = CLIENTS.resolve(client);
        Files.copy(file, directory.resolve(file.getFileName()));
        return directory;
    }

    private Outcome run(Path directory, Path token, String... command) throws Exception {
        assumeThat(onPath(command[0])).as(command[0] + " is not installed").isTrue();
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("GOTOOLCHAIN", "local");
        // The request stays on this machine.
        builder.environment().put("http_proxy", "http://127.0.0.1:1");
        builder.environment().put("HTTP_PROXY", "http://127.0.0.1:1");
        builder.environment().put("SECRETS_URL", service.address());
        builder.environment().put("SECRETS_TOKEN_FILE", token.toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroy();
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Path wrongToken() throws IOException {
        return Files.writeString(temp.resolve("token"), "wrong-token\n");
    }

    private static void assertAllValues(Outcome outcome) {
        assertThat(outcome.code()).as(outcome.complained()).isZero();
        assertThat(Json.node(outcome.printed())).isEqualTo(all());
    }

    private static void assertUnauthenticated(Outcome outcome) {
        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.complained()).contains("401", "unauthenticated").doesNotContain("wrong-token");
        assertThat(outcome.printed()).isEmpty();
    }

    private static Object all() {
        Map<String, String> all = new TreeMap<>(APP);
        all.putAll(API_KEYS);
        return Json.node(Json.write(all));
    }

    private static boolean onPath(String program) {
        return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
