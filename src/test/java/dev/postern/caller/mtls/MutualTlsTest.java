package dev.postern.caller.mtls;

import static dev.postern.caller.mtls.TestAuthority.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.caller.AuthenticationException;
import dev.postern.caller.HeardCredentials;
import dev.postern.caller.mtls.TestAuthority.Issued;
import dev.postern.watch.FileWatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MutualTlsTest {
    private static final TestAuthority FIRST = TestAuthority.named("First");
    private static final TestAuthority SECOND = TestAuthority.named("Second");

    @TempDir
    Path directory;

    private final FileWatch watch = new FileWatch();
    private final HeardCredentials events = new HeardCredentials();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Issued server =
            FIRST.issue(request("localhost").dns("localhost").dns("*.Example.org"));
    private Instant now = Instant.now();

    @BeforeEach
    void write() throws IOException {
        write(server, FIRST);
    }

    @Test
    void a_peer_is_known_by_its_certificate() {
        assertThat(peer(start(), FIRST, "a").caller().id()).isEqualTo("cn:a");
    }

    @Test
    void a_peers_rights_end_when_its_certificate_expires() {
        MutualTls tls = start();
        Peer peer = tls.peer(List.copyOf(FIRST.issue(request("a").valid(now.minusSeconds(60), now.plusSeconds(60)))
                .chain()));
        peer.caller();
        now = now.plusSeconds(61);
        assertReason(peer, "expired");
    }

    @Test
    void a_peers_rights_end_when_its_authority_leaves_the_bundle() throws IOException {
        MutualTls tls = start();
        Peer peer = peer(tls, FIRST, "a");
        peer.caller();
        write(server, SECOND);
        settle();
        assertReason(peer, "untrusted");
        assertThat(peer(tls, SECOND, "b").caller().id()).isEqualTo("cn:b");
    }

    @Test
    void a_new_key_pair_is_taken_up() throws IOException {
        MutualTls tls = start();
        Issued renewed = SECOND.issue(request("localhost"));
        write(renewed, FIRST);
        settle();
        assertThat(served(tls)).isEqualTo(renewed.certificate());
        assertReloads(1, 0);
    }

    @Test
    void a_handshake_under_way_gets_the_key_of_the_certificate_it_began_with() throws IOException {
        MutualTls tls = start();
        String alias = tls.keyManager().chooseEngineServerAlias("EC", null, null);
        Issued renewed = SECOND.issue(request("localhost"));
        write(renewed, FIRST);
        settle();
        String next = tls.keyManager().chooseEngineServerAlias("EC", null, null);
        assertThat(tls.keyManager().getPrivateKey(alias))
                .isEqualTo(server.keys().getPrivate());
        assertThat(tls.keyManager().getCertificateChain(alias)).containsExactly(server.certificate());
        assertThat(tls.keyManager().getPrivateKey(next))
                .isEqualTo(renewed.keys().getPrivate());
        assertThat(tls.keyManager().getCertificateChain(next)).containsExactly(renewed.certificate());
    }

    @Test
    void files_that_are_swapped_by_a_link_above_them_are_taken_up() throws IOException {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        Path first = Files.createDirectory(mount.resolve("..2026_1"));
        Path second = Files.createDirectory(mount.resolve("..2026_2"));
        Issued renewed = FIRST.issue(request("localhost"));
        write(first, server, FIRST);
        write(second, renewed, SECOND);
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_1"));
        for (String name : List.of("tls.crt", "tls.key", "ca.crt")) {
            Files.createSymbolicLink(mount.resolve(name), Path.of("..data/" + name));
        }
        MutualTls tls = start(mount);
        Path swap = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2026_2"));
        Files.move(swap, mount.resolve("..data"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        settle();
        assertThat(served(tls)).isEqualTo(renewed.certificate());
        assertThat(peer(tls, SECOND, "b").caller().id()).isEqualTo("cn:b");
    }

    @Test
    void files_that_are_written_one_after_another_are_taken_up_together() throws IOException {
        MutualTls tls = start();
        Issued renewed = SECOND.issue(request("localhost"));
        Files.writeString(directory.resolve("tls.crt"), TestPem.of(renewed.chain()));
        settle();
        assertThat(served(tls)).isEqualTo(server.certificate());
        assertReloads(0, 1);
        Files.writeString(
                directory.resolve("tls.key"), TestPem.of(renewed.keys().getPrivate()));
        Files.writeString(directory.resolve("ca.crt"), TestPem.of(List.of(SECOND.certificate())));
        settle();
        assertThat(served(tls)).isEqualTo(renewed.certificate());
        assertReloads(1, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls.crt", "tls.key", "ca.crt"})
    void what_cannot_be_used_changes_nothing(String name) throws IOException {
        MutualTls tls = start();
        String whole = Files.readString(directory.resolve(name));
        for (String broken : List.of("", "nonsense", whole.substring(0, whole.length() / 2))) {
            Files.writeString(directory.resolve(name), broken);
            settle();
        }
        Files.delete(directory.resolve(name));
        settle();
        assertThat(served(tls)).isEqualTo(server.certificate());
        assertThat(peer(tls, FIRST, "a").caller().id()).isEqualTo("cn:a");
        assertReloads(0, 4);
    }

    @Test
    void a_bundle_that_comes_with_a_pair_that_does_not_match_is_not_taken_up_alone() throws IOException {
        MutualTls tls = start();
        write(server, SECOND);
        Files.writeString(
                directory.resolve("tls.key"),
                TestPem.of(FIRST.issue(request("localhost")).keys().getPrivate()));
        settle();
        assertThat(peer(tls, FIRST, "a").caller().id()).isEqualTo("cn:a");
    }

    @Test
    void keys_are_read_as_users_have_them() throws IOException {
        for (Issued issued : List.of(FIRST.issue(request("a").rsa()), FIRST.issue(request("a")))) {
            write(issued, FIRST);
            start();
            Files.writeString(directory.resolve("tls.key"), TestPem.traditional(issued.keys()));
            MutualTls tls = start();
            assertThat(served(tls)).isEqualTo(issued.certificate());
        }
    }

    @Test
    void it_refuses_to_start_with_files_that_it_cannot_use_and_quotes_nothing_of_them() throws IOException {
        String other = TestPem.of(FIRST.issue(request("a")).keys().getPrivate());
        Files.writeString(directory.resolve("tls.key"), other);
        assertThatThrownBy(this::start)
                .hasMessageStartingWith("postern.auth.mtls.key: ")
                .hasMessageContaining("is not the key of the certificate");
        Files.writeString(directory.resolve("tls.key"), "canary-value");
        assertThatThrownBy(this::start)
                .hasMessageStartingWith("postern.auth.mtls.key: ")
                .hasMessageNotContaining("canary-value");
        write(server, FIRST);
        Files.writeString(directory.resolve("ca.crt"), "\n");
        assertThatThrownBy(this::start).hasMessageStartingWith("postern.auth.mtls.bundle: ");
        Files.delete(directory.resolve("tls.crt"));
        assertThatThrownBy(this::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("postern.auth.mtls.certificate: ");
    }

    @Test
    void one_faulty_file_does_not_hide_the_next() throws IOException {
        for (String name : List.of("tls.crt", "tls.key", "ca.crt")) {
            Files.writeString(directory.resolve(name), "canary-value");
        }
        assertThatThrownBy(this::start)
                .hasMessage(
                        "postern.auth.mtls.certificate: %1$s/tls.crt must hold certificates in PEM and nothing else%n"
                                + "postern.auth.mtls.key: %1$s/tls.key must hold an unencrypted RSA or EC key in PEM%n"
                                + "postern.auth.mtls.bundle: %1$s/ca.crt must hold certificates in PEM and nothing else",
                        directory);
        Files.delete(directory.resolve("tls.crt"));
        Files.delete(directory.resolve("tls.key"));
        Files.writeString(directory.resolve("ca.crt"), TestPem.of(List.of(FIRST.certificate())));
        assertThatThrownBy(this::start)
                .hasMessage(
                        "postern.auth.mtls.certificate: %1$s/tls.crt does not exist%n"
                                + "postern.auth.mtls.key: %1$s/tls.key does not exist",
                        directory);
    }

    @Test
    void files_that_are_not_named_are_all_asked_for() {
        assertThatThrownBy(() -> new MutualTls(
                        config(Optional.empty(), Optional.empty(), Optional.of("b")),
                        watch,
                        () -> now,
                        events,
                        registry))
                .hasMessage("postern.auth.mtls.certificate: must name a file in PEM\n"
                        + "postern.auth.mtls.key: must name a file in PEM");
    }

    @Test
    void what_changed_is_reported_by_its_fingerprint() throws Exception {
        start();
        Issued renewed = FIRST.issue(request("localhost"));
        write(renewed, FIRST);
        settle();
        write(renewed, SECOND);
        settle();
        assertThat(events.heard())
                .hasSize(2)
                .first()
                .isEqualTo("key-pair " + sha256(server) + " -> " + sha256(renewed));
        assertThat(events.heard().get(1)).matches("bundle [0-9a-f]{64} -> [0-9a-f]{64}");
    }

    /** As OpenSSL prints it, but for colons and case. */
    private static String sha256(Issued issued) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(issued.certificate().getEncoded());
        return HexFormat.of().formatHex(digest);
    }

    @Test
    void files_that_are_not_used_and_failed_handshakes_are_reported() throws IOException {
        MutualTls tls = start();
        Files.writeString(directory.resolve("ca.crt"), "\n");
        settle();
        tls.handshakeFailed(new SSLHandshakeException("Empty client certificate chain"));
        assertThat(events.heard()).containsExactly("mtls refused: unusable", "handshake refused: no-certificate");
    }

    @Test
    void the_listeners_certificate_tells_when_it_expires() {
        start();
        assertThat(registry.get("postern.tls.certificate.expiry.timestamp.seconds")
                        .gauge()
                        .value())
                .isEqualTo(
                        (double) server.certificate().getNotAfter().toInstant().getEpochSecond());
    }

    @Test
    void the_listener_is_known_by_the_names_of_its_certificate() {
        MutualTls tls = start();
        assertThat(List.of("localhost", "a.example.org")).allMatch(tls::isNamed);
        assertThat(List.of("example.org", "a.b.example.org", "evil.example", "", ".example.org.", "localhost.evil"))
                .noneMatch(tls::isNamed);
    }

    private MutualTls start() {
        return start(directory);
    }

    private MutualTls start(Path in) {
        return new MutualTls(
                config(
                        Optional.of(in.resolve("tls.crt").toString()),
                        Optional.of(in.resolve("tls.key").toString()),
                        Optional.of(in.resolve("ca.crt").toString())),
                watch,
                () -> now,
                events,
                registry);
    }

    private static MtlsConfig config(Optional<String> certificate, Optional<String> key, Optional<String> bundle) {
        return new MtlsConfig() {
            @Override
            public boolean enabled() {
                return true;
            }

            @Override
            public Optional<String> certificate() {
                return certificate;
            }

            @Override
            public Optional<String> key() {
                return key;
            }

            @Override
            public Optional<String> bundle() {
                return bundle;
            }
        };
    }

    private void write(Issued issued, TestAuthority authority) throws IOException {
        write(directory, issued, authority);
    }

    private static void write(Path in, Issued issued, TestAuthority authority) throws IOException {
        Files.writeString(in.resolve("tls.crt"), TestPem.of(issued.chain()));
        Files.writeString(in.resolve("tls.key"), TestPem.of(issued.keys().getPrivate()));
        Files.writeString(in.resolve("ca.crt"), TestPem.of(List.of(authority.certificate())));
    }

    private void settle() {
        watch.look();
        watch.look();
    }

    private static Peer peer(MutualTls tls, TestAuthority authority, String name) {
        return tls.peer(List.copyOf(authority.issue(request(name)).chain()));
    }

    private static X509Certificate served(MutualTls tls) {
        for (String algorithm : List.of("EC", "RSA")) {
            String alias = tls.keyManager().chooseEngineServerAlias(algorithm, null, null);
            if (alias != null) {
                return tls.keyManager().getCertificateChain(alias)[0];
            }
        }
        throw new AssertionError("no key pair");
    }

    private static void assertReason(Peer peer, String reason) {
        assertThatThrownBy(peer::caller).isInstanceOfSatisfying(AuthenticationException.class, e -> {
            assertThat(e.method()).isEqualTo("mtls");
            assertThat(e.reason()).isEqualTo(reason);
        });
    }

    private void assertReloads(int successes, int failures) {
        assertThat(reloads("success")).isEqualTo(successes);
        assertThat(reloads("failure")).isEqualTo(failures);
    }

    private double reloads(String outcome) {
        return registry.get("postern.tls.reloads")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
