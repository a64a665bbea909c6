package dev.postern.api;

import static dev.postern.caller.mtls.TestAuthority.request;

import dev.postern.api.listener.Listener;
import dev.postern.caller.mtls.TestAuthority;
import dev.postern.caller.mtls.TestAuthority.Issued;
import dev.postern.caller.mtls.TestPem;
import dev.postern.watch.FileWatch;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The key pair and the bundle of the service under test, swapped as Kubernetes does, and clients for it. */
@Singleton
public class TlsStand {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Path MOUNT = Path.of("target/postern-tls").toAbsolutePath();
    private static final int TIMEOUT_MILLIS = 10_000;

    /** All three listeners, and every method that the service has by itself. */
    public static final class Listeners implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            TestAuthority authority = TestAuthority.named("At start");
            publish(authority.issue(server()), authority);
            return Map.of(
                    "postern.auth.token-file.enabled", "true",
                    "postern.auth.mtls.enabled", "true",
                    "postern.auth.mtls.certificate", MOUNT + "/tls.crt",
                    "postern.auth.mtls.key", MOUNT + "/tls.key",
                    "postern.auth.mtls.bundle", MOUNT + "/ca.crt",
                    "postern.http.https-port", "0",
                    "postern.http.socket", socket().toString(),
                    "postern.policy.all.callers", "token-file,spiffe://test.example/ns/ml/**,cn:reader",
                    "postern.policy.all.allow", "EMPTY,DATABASE_URL,fault:*");
        }
    }

    @Inject
    Listener listener;

    @Inject
    FileWatch watch;

    static Path socket() {
        return Path.of("target/postern-test.sock").toAbsolutePath();
    }

    static TestAuthority.Request server() {
        return request("postern").dns("localhost").ip("127.0.0.1");
    }

    /** Has the service use another key pair and other authorities from now on. */
    void use(Issued server, TestAuthority... authorities) {
        publish(server, authorities);
        watch.look();
        watch.look();
    }

    /** A client that trusts these authorities, and shows its certificate unless it is null. */
    static SSLContext client(@Nullable Issued own, String protocol, TestAuthority... servers) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            for (TestAuthority server : servers) {
                trusted.setCertificateEntry(UUID.randomUUID().toString(), server.certificate());
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance(protocol);
            context.init(own == null ? null : keys(own), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager[] keys(Issued own) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.keys().getPrivate(), PASSWORD, own.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        // Shown whichever authorities the service names, as a hostile client would.
        return new KeyManager[] {new StubbornKeys((javax.net.ssl.X509ExtendedKeyManager) keys.getKeyManagers()[0])};
    }

    SSLSocket connect(SSLContext client) throws IOException {
        SSLSocket socket = (SSLSocket)
                client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), listener.httpsPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + String.join(
                        "", Arrays.stream(headers).map(line -> line + "\r\n").toList()) + "\r\n";
    }

    /** One request on a connection that stays. */
    static RawHttp.Answer ask(SSLSocket socket, String bytes) throws IOException {
        send(socket, bytes);
        return RawHttp.read(socket.getInputStream());
    }

    /** A request whose answer is read later. */
    static void send(SSLSocket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** A new directory, to which {@code ..data} is turned in one step. */
    private static void publish(Issued server, TestAuthority... authorities) {
        try {
            Files.createDirectories(MOUNT);
            Path data = Files.createDirectory(MOUNT.resolve(".." + UUID.randomUUID()));
            Files.writeString(data.resolve("tls.crt"), TestPem.of(server.chain()));
            Files.writeString(data.resolve("tls.key"), TestPem.of(server.keys().getPrivate()));
            List<X509Certificate> bundle =
                    Arrays.stream(authorities).map(TestAuthority::certificate).toList();
            Files.writeString(data.resolve("ca.crt"), TestPem.of(bundle));
            Path swap = MOUNT.resolve("..data_tmp");
            Files.deleteIfExists(swap);
            Files.createSymbolicLink(swap, data.getFileName());
            Files.move(swap, MOUNT.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            for (String name : List.of("tls.crt", "tls.key", "ca.crt")) {
                if (!Files.exists(MOUNT.resolve(name), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    Files.createSymbolicLink(MOUNT.resolve(name), Path.of("..data", name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
