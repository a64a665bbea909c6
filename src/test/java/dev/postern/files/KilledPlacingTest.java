package dev.postern.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that replaces a file and a directory all the time is killed at any moment. */
class KilledPlacingTest {
    private static final int KILLS = 8;
    private static final int MAX_MILLIS = 150;
    private static final int SIZE = 1 << 16;
    private static final Placing PLACING = new Placing(PosixFilePermissions.fromString("r--------"), null);

    @TempDir
    Path home;

    /** Replaces both, and says so once, until it is killed. */
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[0]);
        for (int i = 0; true; i++) {
            replace(home, content((char) ('a' + i % 26)));
            if (i == 1) {
                System.out.write('.');
                System.out.flush();
            }
        }
    }

    private static void replace(Path home, byte[] content) throws IOException {
        PLACING.replace(home.resolve("file/app.env"), content);
        new DirectoryPlacing(PLACING).replace(home.resolve("tree"), Map.of("a", content, "b", content));
    }

    private static byte[] content(char c) {
        return String.valueOf(c).repeat(SIZE).getBytes(UTF_8);
    }

    @Test
    void what_it_leaves_is_whole_and_the_next_process_tidies_up() throws Exception {
        Random random = new Random(20);
        for (int i = 0; i < KILLS; i++) {
            kill(random.nextInt(MAX_MILLIS));
            assertWhole(home.resolve("file/app.env"));
            Path tree = home.resolve("tree");
            assertWhole(tree.resolve("a"));
            assertThat(tree.resolve("b")).hasSameBinaryContentAs(tree.resolve("a"));
        }
        replace(home, content('0'));
        assertThat(home.resolve("file").toFile().list()).containsExactly("app.env");
        assertThat(home.resolve("tree").toFile().list()).hasSize(4).contains("a", "b", "..data");
    }

    private void kill(int afterMillis) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledPlacingTest.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.getInputStream().read()).isEqualTo('.');
        process.waitFor(afterMillis, TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
    }

    private static void assertWhole(Path file) throws IOException {
        byte[] read = Files.readAllBytes(file);
        assertThat(read).isEqualTo(content((char) read[0]));
    }
}
