package dev.postern.api.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Without any flag of the JVM's: {@code java -jar} is one of the documented ways to start. */
class OutOfMemoryTest {
    private enum Way {
        /** A thread ends by the error. */
        UNCAUGHT,
        /** Somebody catches the error and logs it as the cause of another. */
        LOGGED,
        /** Somebody catches the error and says nothing, and the heap stays full. */
        SWALLOWED
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_process_that_is_out_of_memory_ends(Way way) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Eater.class.getName(),
                        way.name())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isEqualTo(3);
        } finally {
            process.destroyForcibly();
        }
    }

    static final class Eater {
        private static final List<byte[]> EATEN = new ArrayList<>();

        private Eater() {}

        public static void main(String... way) throws Exception {
            OutOfMemory.endProcess();
            switch (Way.valueOf(way[0])) {
                case UNCAUGHT -> new Thread(Eater::eat).start();
                case LOGGED -> {
                    try {
                        eat();
                    } catch (OutOfMemoryError e) {
                        EATEN.clear();
                        Logger.getLogger("eater").log(Level.SEVERE, "failed", new IllegalStateException(e));
                    }
                }
                case SWALLOWED -> {
                    try {
                        eat();
                    } catch (OutOfMemoryError e) {
                        // And on it goes.
                    }
                }
            }
            Thread.sleep(50_000);
        }

        private static void eat() {
            while (true) {
                EATEN.add(new byte[1024]);
            }
        }
    }
}
