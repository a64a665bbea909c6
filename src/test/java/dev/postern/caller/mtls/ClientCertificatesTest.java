package dev.postern.caller.mtls;

import static dev.postern.caller.mtls.TestAuthority.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.caller.Caller;
import dev.postern.caller.mtls.ClientCertificates.Proof;
import dev.postern.caller.mtls.TestAuthority.Issued;
import dev.postern.caller.mtls.TestAuthority.Request;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCertificatesTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("Root");
    private static final String WORKLOAD = "spiffe://cluster.local/ns/ml/sa/trainer";
    private final Instant now = Instant.now();

    @Test
    void a_spiffe_id_goes_before_all_other_names() throws Exception {
        assertThat(caller(request("some name").dns("trainer.ml").uri(WORKLOAD)))
                .isEqualTo(new Caller(WORKLOAD, "mtls"));
    }

    @Test
    void without_a_uri_the_first_dns_name_is_the_caller() throws Exception {
        assertThat(caller(request("some name")
                        .ip("127.0.0.1")
                        .dns("Trainer.ML.svc")
                        .dns("other")))
                .isEqualTo(new Caller("dns:trainer.ml.svc", "mtls"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"trainer", "a b", "Jürgen", "spiffe://cluster.local/ns/ml/sa/trainer", "token-file", "dns:a"})
    void without_other_names_the_common_name_is_the_caller_and_cannot_pose_as_another(String name) throws Exception {
        assertThat(caller(request(name)).id()).isEqualTo("cn:" + name);
    }

    @Test
    void the_proof_holds_until_the_first_certificate_on_the_way_expires() throws Exception {
        Instant soon = now.plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
        TestAuthority between = AUTHORITY.intermediate(request("Between").valid(now.minusSeconds(60), soon));
        Proof proof = ClientCertificates.verify(between.issue(request("a")).chain(), AUTHORITY.anchors(), now);
        assertThat(proof.validUntil()).isEqualTo(soon);
        assertThatThrownBy(() -> ClientCertificates.verify(
                        between.issue(request("a")).chain(), AUTHORITY.anchors(), soon.plusSeconds(1)))
                .isInstanceOfSatisfying(
                        CertificateRefusedException.class,
                        e -> assertThat(e.refusal()).isEqualTo(Refusal.UNTRUSTED));
    }

    @Test
    void certificates_that_lead_to_the_authority_may_come_in_any_order_and_with_others() throws Exception {
        TestAuthority between = AUTHORITY.intermediate(request("Between")).intermediate(request("Between 2"));
        List<X509Certificate> chain = between.issue(request("a")).chain();
        assertThat(ClientCertificates.verify(
                                List.of(
                                        chain.get(0),
                                        TestAuthority.named("Other").certificate(),
                                        chain.get(2),
                                        chain.get(1)),
                                AUTHORITY.anchors(),
                                now)
                        .caller()
                        .id())
                .isEqualTo("cn:a");
    }

    @Test
    void a_certificate_without_stated_purposes_or_usages_is_for_any() throws Exception {
        assertThat(caller(request("a").purposes().usage(0)).id()).isEqualTo("cn:a");
        assertThat(caller(request("a").purposes(KeyPurposeId.anyExtendedKeyUsage))
                        .id())
                .isEqualTo("cn:a");
    }

    @Test
    void a_certificate_is_refused_outside_its_time() {
        assertRefused(request("a").valid(now.minusSeconds(60), now.minusSeconds(1)), Refusal.EXPIRED);
        assertRefused(request("a").valid(now.plusSeconds(60), now.plusSeconds(120)), Refusal.NOT_YET_VALID);
    }

    @Test
    void a_certificate_of_another_authority_is_refused() {
        TestAuthority other = TestAuthority.named("Other");
        assertRefused(other.issue(request("a").uri(WORKLOAD)), AUTHORITY.anchors(), Refusal.UNTRUSTED);
        // Of the same name, too.
        TestAuthority namesake = TestAuthority.named("Root");
        assertRefused(namesake.issue(request("a").uri(WORKLOAD)), AUTHORITY.anchors(), Refusal.UNTRUSTED);
    }

    @Test
    void a_certificate_that_another_caller_issued_is_refused() {
        TestAuthority caller = AUTHORITY.intermediate(request("a"));
        Issued honest = AUTHORITY.issue(request("a"));
        TestAuthority.Issued forged = new TestAuthority.Issued(
                caller.issue(request("b")).keys(),
                Stream.of(caller.issue(request("b")).certificate(), honest.certificate())
                        .toList());
        assertRefused(forged, AUTHORITY.anchors(), Refusal.UNTRUSTED);
    }

    @Test
    void an_expired_authority_vouches_for_nobody() {
        TestAuthority old =
                TestAuthority.root(request("Old").authority().valid(now.minusSeconds(60), now.minusSeconds(1)));
        assertRefused(old.issue(request("a")), old.anchors(), Refusal.UNTRUSTED);
    }

    @Test
    void an_empty_set_of_authorities_vouches_for_nobody() {
        assertRefused(AUTHORITY.issue(request("a")), Set.of(), Refusal.UNTRUSTED);
    }

    @Test
    void an_authority_is_no_caller() {
        assertRefused(request("a").authority().uri(WORKLOAD), Refusal.AUTHORITY);
        assertRefused(request("a").usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign), Refusal.AUTHORITY);
        assertRefused(request("a").usage(KeyUsage.digitalSignature | KeyUsage.cRLSign), Refusal.AUTHORITY);
        assertRefused(new Issued(null, List.of(AUTHORITY.certificate())), AUTHORITY.anchors(), Refusal.AUTHORITY);
    }

    @Test
    void a_certificate_for_another_purpose_is_refused() {
        assertRefused(request("a").purposes(KeyPurposeId.id_kp_serverAuth), Refusal.PURPOSE);
        assertRefused(request("a").purposes(KeyPurposeId.id_kp_codeSigning), Refusal.PURPOSE);
        assertRefused(request("a").usage(KeyUsage.keyEncipherment), Refusal.PURPOSE);
    }

    @Test
    void an_extension_that_must_be_understood_and_is_not_refuses() {
        assertRefused(request("a").criticalExtension("1.3.6.1.4.1.99999.1"), Refusal.UNTRUSTED);
    }

    @Test
    void two_uris_are_refused() {
        assertRefused(request("a").uri(WORKLOAD).uri(WORKLOAD + "2"), Refusal.SEVERAL_URIS);
        assertRefused(request("a").uri(WORKLOAD).uri("https://example.org"), Refusal.SEVERAL_URIS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://cluster.local/ns/ml/sa/trainer",
                "spiffe://cluster.local",
                "spiffe://cluster.local/",
                "spiffe://Cluster.Local/ns/ml",
                "spiffe://cluster.local/ns/../ml",
                "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                "",
                "not a uri",
                "spiffe://cluster.local/a b",
            })
    void a_uri_that_is_no_workloads_spiffe_id_is_not_passed_over_for_another_name(String uri) {
        assertThatThrownBy(() -> caller(request("a").dns("b.example").uri(uri)))
                .isInstanceOfSatisfying(
                        CertificateRefusedException.class,
                        e -> assertThat(e.refusal()).isIn(Refusal.NO_SPIFFE_ID, Refusal.NAME));
    }

    @Test
    void alternative_names_that_cannot_be_read_are_not_passed_over() {
        assertRefused(request("a").rawNames(new byte[] {0x30, 0x05, 1, 2}), Refusal.NAME);
        assertRefused(request("a").rawNames(new byte[] {0x30, 0x03, (byte) 0x86, 0x01, (byte) 0xff}), Refusal.NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.example", "a..b", ".a", "a.", "a b", "a/b", "-a"})
    void a_dns_name_that_is_no_host_is_refused(String name) {
        assertRefused(request("a").dns(name), Refusal.NAME);
    }

    @ParameterizedTest
    @CsvSource({"a\u0000b", "'a\nb'", "a\u202eb", "a\u200bb", "a\u00a0b", "' '"})
    void a_common_name_with_what_cannot_be_seen_is_refused(String name) {
        assertRefused(new Request(new X500NameBuilder().addRDN(BCStyle.CN, name).build()), Refusal.NAME);
    }

    @Test
    void no_name_and_two_common_names_are_refused() {
        assertRefused(new Request(new X500Name("O=Example")), Refusal.NAME);
        assertRefused(new Request(new X500Name("CN=a,CN=b")), Refusal.NAME);
        assertRefused(new Request(new X500Name("CN=a+CN=b")), Refusal.NAME);
        assertRefused(new Request(new X500Name("CN=a,O=Example+CN=b")), Refusal.NAME);
        assertRefused(new Request(new X500Name("O=Example+CN=b,CN=a,C=DE")), Refusal.NAME);
        assertRefused(new Request(new X500Name("CN=" + "a".repeat(256))), Refusal.NAME);
    }

    @Test
    void an_authority_that_names_a_trust_domain_vouches_for_no_other() throws Exception {
        TestAuthority spire = TestAuthority.ofTrustDomain("cluster.local");
        Set<Authority> both = Stream.concat(spire.anchors().stream(), AUTHORITY.anchors().stream())
                .collect(Collectors.toSet());
        assertThat(ClientCertificates.verify(
                                spire.issue(request("a").uri(WORKLOAD)).chain(), both, now)
                        .caller()
                        .id())
                .isEqualTo(WORKLOAD);
        assertRefused(spire.issue(request("a").uri("spiffe://other/a")), both, Refusal.TRUST_DOMAIN);
        assertRefused(spire.issue(request("a")), both, Refusal.TRUST_DOMAIN);
    }

    @Test
    void an_authority_between_that_names_a_trust_domain_vouches_for_no_other() throws Exception {
        TestAuthority between = AUTHORITY.intermediate(request("SPIRE").uri("spiffe://cluster.local"));
        assertThat(ClientCertificates.verify(
                                between.issue(request("a").uri(WORKLOAD)).chain(), AUTHORITY.anchors(), now)
                        .caller()
                        .id())
                .isEqualTo(WORKLOAD);
        assertRefused(between.issue(request("a").uri("spiffe://other/a")), AUTHORITY.anchors(), Refusal.TRUST_DOMAIN);
        assertRefused(between.issue(request("a")), AUTHORITY.anchors(), Refusal.TRUST_DOMAIN);
    }

    @Test
    void an_authority_that_names_a_trust_domain_that_is_none_or_two_vouches_for_nobody() {
        TestAuthority wrong = TestAuthority.root(request("SPIRE").authority().uri("spiffe://Not_Valid"));
        assertRefused(wrong.issue(request("a").uri(WORKLOAD)), wrong.anchors(), Refusal.TRUST_DOMAIN);
        TestAuthority two = TestAuthority.root(
                request("SPIRE").authority().uri("spiffe://cluster.local").uri("spiffe://other"));
        assertRefused(two.issue(request("a").uri(WORKLOAD)), two.anchors(), Refusal.TRUST_DOMAIN);
    }

    @Test
    void one_authority_that_may_not_vouch_does_not_hide_one_that_may() throws Exception {
        TestAuthority narrow = TestAuthority.root(request("Root").authority().permits(uri("team-a.example")));
        Issued issued = AUTHORITY.issue(request("a").uri(WORKLOAD));
        Set<Authority> both = Stream.concat(narrow.anchors().stream(), AUTHORITY.anchors().stream())
                .collect(Collectors.toSet());
        assertThat(ClientCertificates.verify(issued.chain(), both, now).caller().id())
                .isEqualTo(WORKLOAD);
    }

    private static GeneralName uri(String host) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, host);
    }

    @Test
    void a_workload_without_a_subject_is_a_caller() throws Exception {
        assertThat(caller(new Request(new X500Name("")).uri(WORKLOAD)).id()).isEqualTo(WORKLOAD);
    }

    private Caller caller(Request request) throws CertificateRefusedException {
        return ClientCertificates.verify(AUTHORITY.issue(request).chain(), AUTHORITY.anchors(), now)
                .caller();
    }

    private void assertRefused(Request request, Refusal refusal) {
        assertRefused(AUTHORITY.issue(request), AUTHORITY.anchors(), refusal);
    }

    private void assertRefused(Issued issued, Set<Authority> authorities, Refusal refusal) {
        assertThatThrownBy(() -> ClientCertificates.verify(issued.chain(), authorities, now))
                .isInstanceOfSatisfying(
                        CertificateRefusedException.class,
                        e -> assertThat(e.refusal()).isEqualTo(refusal));
    }
}
