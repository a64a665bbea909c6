package dev.postern.caller.mtls;

import static dev.postern.caller.mtls.TestAuthority.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.caller.mtls.TestAuthority.Issued;
import dev.postern.caller.mtls.TestAuthority.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever openssl does not take for a client is none here either. Where this is stricter, the row says so. */
class OpensslVerdictTest {
    private static final String WORKLOAD = "spiffe://cluster.local/ns/ml/sa/trainer";

    @TempDir
    Path directory;

    /** @param openssl whether it accepts the certificate */
    record Case(String name, TestAuthority authority, Issued issued, boolean openssl, boolean postern) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        TestAuthority plain = TestAuthority.named("Root");
        TestAuthority uris = root(request("Root").permits(uri("team-a.example")));
        TestAuthority noUris = root(request("Root").excludes(uri("cluster.local")));
        TestAuthority hosts = root(request("Root").permits(dns("team-a.example")));
        TestAuthority subjects = root(request("Root").permits(subject("O=Team A")));
        TestAuthority none = root(request("Root").pathLength(0));
        TestAuthority one = root(request("Root").pathLength(1));
        TestAuthority small = root(request("Root").rsa(1024));
        TestAuthority caller = plain.issuer(request("between"));
        return Stream.of(
                both("a workload", plain, plain.issue(request("a").uri(WORKLOAD)), true),
                both(
                        "a workload below an authority between",
                        plain,
                        between(plain).issue(workload()),
                        true),
                both("a URI outside what the anchor permits", uris, uris.issue(workload()), false),
                both(
                        "a URI within what the anchor permits",
                        uris,
                        uris.issue(request("a").uri("spiffe://team-a.example/x")),
                        true),
                both("a URI that the anchor excludes", noUris, noUris.issue(workload()), false),
                both(
                        "a URI that the anchor does not exclude",
                        noUris,
                        noUris.issue(request("a").uri("spiffe://other/x")),
                        true),
                both("a host outside what the anchor permits", hosts, hosts.issue(host("team-b.example")), false),
                both("a host within what the anchor permits", hosts, hosts.issue(host("x.team-a.example")), true),
                both(
                        "a subject outside what the anchor permits",
                        subjects,
                        subjects.issue(new Request(new X500Name("O=Team B,CN=a"))),
                        false),
                both(
                        "a subject within what the anchor permits",
                        subjects,
                        subjects.issue(new Request(new X500Name("O=Team A,CN=a"))),
                        true),
                both(
                        "a URI outside what an authority between permits",
                        plain,
                        plain.intermediate(request("between").permits(uri("team-a.example")))
                                .issue(workload()),
                        false),
                both(
                        "an authority between where the anchor has no path",
                        none,
                        between(none).issue(workload()),
                        false),
                both("no authority between where the anchor has no path", none, none.issue(workload()), true),
                both(
                        "two authorities between where the anchor has a path of one",
                        one,
                        between(between(one)).issue(workload()),
                        false),
                both("one where the anchor has a path of one", one, between(one).issue(workload()), true),
                both("what another caller issued", plain, caller.issue(workload()), false),
                both(
                        "a certificate for servers",
                        plain,
                        plain.issue(workload().purposes(KeyPurposeId.id_kp_serverAuth)),
                        false),
                both(
                        "an authority without the right to sign",
                        plain,
                        plain.issuer(request("between").authority().usage(KeyUsage.digitalSignature))
                                .issue(workload()),
                        false),
                stricter(
                        "a signature with SHA-1, which can be forged",
                        plain,
                        plain.issue(workload().signedWith("SHA1"))),
                stricter(
                        "an authority between that is signed with SHA-1",
                        plain,
                        plain.intermediate(request("between").signedWith("SHA1"))
                                .issue(workload())),
                stricter(
                        "RSA of 1024 bits, which has less than 112 bits of strength",
                        plain,
                        plain.issue(workload().rsa(1024))),
                stricter("an anchor of 1024 bits", small, small.issue(workload())),
                stricter(
                        "a caller that may sign certificates",
                        plain,
                        plain.issue(workload().usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign))),
                stricter(
                        "an authority",
                        plain,
                        plain.issue(request("a").authority().usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign))),
                stricter("two common names", plain, plain.issue(new Request(new X500Name("CN=a,O=Example+CN=b")))));
    }

    private static Case both(String name, TestAuthority authority, Issued issued, boolean accepted) {
        return new Case(name, authority, issued, accepted, accepted);
    }

    private static Case stricter(String name, TestAuthority authority, Issued issued) {
        return new Case(name, authority, issued, true, false);
    }

    private static TestAuthority root(Request request) {
        return TestAuthority.root(request.authority());
    }

    private static TestAuthority between(TestAuthority above) {
        return above.intermediate(request("between " + System.nanoTime()));
    }

    private static Request workload() {
        return request("a").uri(WORKLOAD);
    }

    private static Request host(String name) {
        return request("a").dns(name);
    }

    private static GeneralName uri(String host) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, host);
    }

    private static GeneralName dns(String host) {
        return new GeneralName(GeneralName.dNSName, host);
    }

    private static GeneralName subject(String name) {
        return new GeneralName(new X500Name(name));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void is_no_less_strict_than_openssl(Case one) throws Exception {
        assertThat(isAccepted(one)).isEqualTo(one.postern);
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
        assertThat(isAcceptedByOpenssl(one)).isEqualTo(one.openssl);
    }

    private static boolean isAccepted(Case one) {
        try {
            Set<Authority> bundle = Set.of(new Authority(one.authority.certificate()));
            ClientCertificates.verify(one.issued.chain(), bundle, Instant.now());
            return true;
        } catch (CertificateRefusedException e) {
            return false;
        }
    }

    private boolean isAcceptedByOpenssl(Case one) throws IOException, InterruptedException {
        List<X509Certificate> chain = one.issued.chain();
        Path untrusted = Files.writeString(directory.resolve("untrusted"), TestPem.of(chain));
        Path bundle = Files.writeString(directory.resolve("bundle"), TestPem.of(List.of(one.authority.certificate())));
        Path own = Files.writeString(directory.resolve("own"), TestPem.of(chain.subList(0, 1)));
        Process openssl = new ProcessBuilder(
                        "/usr/bin/openssl",
                        "verify",
                        "-purpose",
                        "sslclient",
                        "-CAfile",
                        "" + bundle,
                        "-no-CApath",
                        "-untrusted",
                        "" + untrusted,
                        "" + own)
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), UTF_8);
        assertThat(openssl.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains(openssl.exitValue() == 0 ? "OK" : "error");
        return openssl.exitValue() == 0;
    }
}
