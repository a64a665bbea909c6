package dev.postern;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.postern.api.RawHttp;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What becomes of requests when the packaged service gets SIGTERM. */
@Isolated("It measures time.")
class ShutdownIT {
    private static final int TERMINATED = 143;
    private static final int CONNECTIONS = 16;

    @TempDir
    Path home;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private HttpServer vault;

    @BeforeEach
    void makeBackends() throws IOException {
        Files.writeString(home.resolve(".env"), "A=one\n");
        vault = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vault.setExecutor(threads);
        vault.createContext("/v1/secret/data/slow", exchange -> {
            asked.countDown();
            try {
                mayAnswer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] body = "{\"data\":{\"data\":{\"value\":\"late\"},\"metadata\":{\"version\":1}}}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        vault.start();
    }

    @AfterEach
    void stop() {
        mayAnswer.countDown();
        vault.stop(0);
        threads.shutdownNow();
    }

    @Test
    void a_request_under_way_is_answered_and_recorded_and_nobody_else_gets_in() throws Exception {
        try (PackagedService service = start("30s")) {
            Future<String> answer = threads.submit(() -> ask(service, "vault:slow"));
            asked.await();
            service.terminate();
            await().until(() -> isRefused(service.port()));
            mayAnswer.countDown();
            assertThat(answer.get()).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
            assertThat(service.exitCode()).isEqualTo(TERMINATED);
            assertThat(service.accesses()).hasSize(1);
            assertThat(service.out()).contains("\"postern.secret\":\"vault:slow\"", "\"success\"");
            assertThat(service.out().lines()).last().asString().contains("\"event.action\":\"service-stop\"");
        }
    }

    @Test
    void a_wait_for_a_change_is_answered_early() throws Exception {
        try (PackagedService service = start("30s")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
                InputStream in = socket.getInputStream();
                socket.getOutputStream().write(request(service, "A", ""));
                String tag = RawHttp.read(in).head().replaceAll("(?is).*\r\netag: (\\S+)\r\n.*", "$1");
                socket.getOutputStream().write(request(service, "A?wait=60s", "If-None-Match: " + tag + "\r\n"));
                service.terminate();
                assertThat(RawHttp.read(in).head())
                        .startsWith("HTTP/1.1 304")
                        .containsIgnoringCase("connection: close");
            }
            assertThat(service.exitCode()).isEqualTo(TERMINATED);
            assertThat(service.accesses()).hasSize(2);
        }
    }

    @Test
    void a_request_that_takes_too_long_does_not_keep_the_service() throws Exception {
        try (PackagedService service = start("200ms")) {
            Future<String> answer = threads.submit(() -> ask(service, "vault:slow"));
            asked.await();
            service.terminate();
            assertThat(service.exitCode()).isEqualTo(TERMINATED);
            assertThat(answer).failsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void under_load_every_request_that_was_sent_is_answered_and_recorded() throws Exception {
        try (PackagedService service = start("30s")) {
            AtomicInteger answered = new AtomicInteger();
            List<Future<Boolean>> callers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                callers.add(threads.submit(() -> askUntilTold(service, answered)));
            }
            await().until(() -> answered.get() > 1000);
            service.terminate();
            for (Future<Boolean> caller : callers) {
                assertThat(caller.get()).isTrue();
            }
            assertThat(service.exitCode()).isEqualTo(TERMINATED);
            assertThat(service.accesses()).hasSize(answered.get());
        }
    }

    private PackagedService start(String timeout) throws IOException {
        Map<String, String> settings = Map.of(
                "POSTERN_HTTP_SHUTDOWN_TIMEOUT", timeout,
                "POSTERN_BACKENDS_VAULT_ENABLED", "true",
                "POSTERN_BACKENDS_VAULT_TIMEOUT", "60s",
                "VAULT_ADDR", "http://127.0.0.1:" + vault.getAddress().getPort(),
                "VAULT_TOKEN", "made-up");
        return PackagedService.start(home, settings).listening();
    }

    /** Asks on one connection until an answer says that it was the last, and returns whether all were good. */
    private static boolean askUntilTold(PackagedService service, AtomicInteger answered) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            byte[] request = request(service, "A", "");
            while (true) {
                socket.getOutputStream().write(request);
                RawHttp.Answer answer = RawHttp.read(in);
                if (answer.status() != 200) {
                    return false;
                }
                answered.incrementAndGet();
                if (answer.head().contains("connection: close")) {
                    return in.read() == -1;
                }
            }
        }
    }

    private static String ask(PackagedService service, String name) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.getOutputStream().write(request(service, name, ""));
            return RawHttp.read(socket.getInputStream()).head();
        }
    }

    private static byte[] request(PackagedService service, String name, String fields) throws IOException {
        return ("GET /secrets/" + name + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n"
                        + "Authorization: Bearer " + service.token() + "\r\n" + fields + "\r\n")
                .getBytes(US_ASCII);
    }

    private static boolean isRefused(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }
}
