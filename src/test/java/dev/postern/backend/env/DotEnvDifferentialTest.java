package dev.postern.backend.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads what chance has written as python-dotenv does; needs Python, and python-dotenv 1.2.4 in it. */
class DotEnvDifferentialTest {
    private static final long SEED = 16;
    private static final int FILES = 4000;
    /** What the grammar knows, and what has been mistaken for it. */
    private static final String[] PIECES = {
        "A",
        "B",
        "a.b",
        "=",
        "=",
        "=",
        "'",
        "'",
        "\"",
        "\"",
        "\n",
        "\n",
        "\n",
        "\r\n",
        " ",
        " ",
        "\t",
        "#",
        "\\",
        "\\n",
        "\\'",
        "\\\"",
        "\\\\",
        "$",
        "${A}",
        "${B:-x}",
        "${",
        "}",
        ":-",
        "export ",
        "export",
        "one",
        "two",
        "\u00e9",
        "\u00a0",
        "\u0085",
        "\u2028",
        "\u001c",
        "\u000b",
        "\ud83d\ude00",
        "oops",
        "A=1\n",
        "B='",
        "\" oops\n"
    };

    private static final String SCRIPT = """
            import io, json, logging, os, sys
            from importlib.metadata import version
            from dotenv.main import DotEnv
            if version('python-dotenv') != '1.2.4':
                sys.exit('python-dotenv ' + version('python-dotenv'))
            os.environ.clear()
            logging.disable()
            read = [DotEnv(None, stream=io.StringIO(text, newline=''), interpolate=True, override=True).dict()
                    for text in json.load(open(sys.argv[1], encoding='utf-8'))]
            json.dump([{k: v for k, v in one.items() if v is not None} for one in read], open(sys.argv[2], 'w'))
            """;

    @TempDir
    Path directory;

    @Test
    void reads_random_files_as_python_dotenv_does() throws Exception {
        Random random = new Random(SEED);
        List<String> texts = new ArrayList<>();
        texts.add("A=\"one\nB=two\nthree\" oops\n");
        texts.add("A='one\nB=two\nthree' oops\nC=3");
        for (int i = 0; i < FILES; i++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = 1 + random.nextInt(24); pieces > 0; pieces--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            texts.add(text.toString());
        }
        JsonArray theirs = python(texts);
        for (int i = 0; i < texts.size(); i++) {
            Map<String, String> ours =
                    new TreeMap<>(DotEnv.parse(texts.get(i), name -> null).values());
            Map<String, Object> expected = new TreeMap<>(theirs.getJsonObject(i).getMap());
            assertThat(ours)
                    .as(new JsonObject().put("text", texts.get(i)).encode())
                    .isEqualTo(expected);
        }
    }

    private JsonArray python(List<String> texts) throws IOException, InterruptedException {
        Path in = Files.writeString(directory.resolve("in.json"), new JsonArray(texts).encode());
        Path out = directory.resolve("out.json");
        Path log = directory.resolve("log");
        Process process;
        try {
            process = new ProcessBuilder("python3", "-c", SCRIPT, in.toString(), out.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "there is no python3");
            throw e;
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(log);
        assumeTrue(!said.contains("No module named 'dotenv'") && !said.contains("python-dotenv "), said);
        assertThat(process.exitValue()).as(said).isZero();
        return new JsonArray(Files.readString(out, StandardCharsets.UTF_8));
    }
}
