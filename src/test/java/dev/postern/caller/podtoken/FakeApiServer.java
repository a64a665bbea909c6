package dev.postern.caller.podtoken;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.backend.TestTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/** Speaks what Kubernetes' API server speaks about tokens, to whoever has the right token of its own. */
public final class FakeApiServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String scheme;

    final AtomicInteger jwksRequests = new AtomicInteger();
    final AtomicInteger reviewRequests = new AtomicInteger();
    final AtomicInteger withOwnToken = new AtomicInteger();
    final AtomicInteger withOtherToken = new AtomicInteger();
    final List<String> reviewed = new CopyOnWriteArrayList<>();

    volatile String ownToken = "own";
    volatile String jwks = "{}";
    volatile String discovery = "{\"issuer\":\"" + TestIssuer.ISSUER + "\"}";
    /** The status object of the answer to a review of a token. */
    volatile Function<String, Map<String, Object>> reviews = token -> Map.of("authenticated", false);

    volatile int status = 200;
    volatile String location;
    /** While it is not null, answers wait for it. */
    volatile CountDownLatch held;

    /** The status object that says that our pod holds the token; it may be changed. */
    static Map<String, Object> authenticated() {
        return new HashMap<>(Map.of(
                "authenticated",
                true,
                "audiences",
                List.of("postern"),
                "user",
                Map.of(
                        "username",
                        TestIssuer.TRAINER,
                        "extra",
                        Map.of("authentication.kubernetes.io/pod-uid", List.of(TestIssuer.POD_UID)))));
    }

    private FakeApiServer(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/openid/v1/jwks", exchange -> {
            jwksRequests.incrementAndGet();
            answer(exchange, "application/jwk-set+json", jwks);
        });
        server.createContext(
                "/.well-known/openid-configuration", exchange -> answer(exchange, "application/json", discovery));
        server.createContext("/apis/authentication.k8s.io/v1/tokenreviews", this::review);
        server.createContext("/control/status/", exchange -> {
            status = Integer.parseInt(exchange.getRequestURI().getPath().substring("/control/status/".length()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    public static FakeApiServer http() throws IOException {
        return new FakeApiServer(HttpServer.create(loopback(), 0), "http");
    }

    public static FakeApiServer https(Path keyStore) throws IOException, GeneralSecurityException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keyStore)));
        return new FakeApiServer(server, "https");
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, TestTls.PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, TestTls.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    public URI uri() {
        return URI.create(scheme + "://localhost:" + server.getAddress().getPort());
    }

    public void publish(String keys) {
        jwks = keys;
    }

    /** From now on answers whoever asks, without a token. */
    public FakeApiServer open() {
        ownToken = null;
        return this;
    }

    private void review(HttpExchange exchange) throws IOException {
        reviewRequests.incrementAndGet();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try {
            Map<?, ?> spec = (Map<?, ?>) JsonUtil.parseJson(body).get("spec");
            String token = (String) spec.get("token");
            reviewed.add(token);
            answer(
                    exchange,
                    "application/json",
                    JsonUtil.toJson(Map.of(
                            "apiVersion", "authentication.k8s.io/v1",
                            "kind", "TokenReview",
                            "status",
                                    spec.get("audiences").equals(List.of("postern"))
                                            ? reviews.apply(token)
                                            : Map.of("authenticated", false))));
        } catch (JoseException e) {
            throw new IOException(e);
        }
    }

    /** The API server gives each resource in one media type, and 406 to who does not accept that. */
    private void answer(HttpExchange exchange, String mediaType, String body) throws IOException {
        String accept = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
        boolean acceptable = List.of(accept.split(" *, *")).contains(mediaType);
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        boolean own = ("Bearer " + ownToken).equals(authorization);
        if (own) {
            withOwnToken.incrementAndGet();
        } else if (authorization != null) {
            withOtherToken.incrementAndGet();
        }
        try {
            CountDownLatch latch = held;
            if (latch != null) {
                latch.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", mediaType);
        if (location != null) {
            exchange.getResponseHeaders().add("Location", location);
        }
        boolean known = own || ownToken == null;
        exchange.sendResponseHeaders(known ? acceptable ? status : 406 : 401, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        CountDownLatch latch = held;
        if (latch != null) {
            latch.countDown();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
