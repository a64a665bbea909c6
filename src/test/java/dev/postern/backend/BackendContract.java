package dev.postern.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.net.ProxyVariables;
import dev.postern.secret.Property;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every backend does, whatever it reads from: one subclass for each, through its real client, against a server
 * that speaks its real protocol.
 */
public abstract class BackendContract {
    /** Marks what must not be in any message: secret values. */
    public static final String CANARY = "canary-value";

    /** Marks what must not be in any message: tokens, keys and other credentials of ours. */
    public static final String CANARY_CREDENTIAL = "canary-credential";

    /** Five MiB of JSON. */
    public static final String LARGE = "{\"value\":\"" + "x".repeat(5 << 20) + "\"}";

    private Stand stand;

    /** What a manager may answer instead of a secret. */
    public enum Fault {
        ACCESS_DENIED(BackendDeniedException.class),
        /** The secret was there once, and the manager still says so. */
        DELETED(SecretNotFoundException.class),
        BAD_CREDENTIALS(BackendCredentialsException.class),
        THROTTLED(BackendUnavailableException.class),
        SERVER_ERROR(BackendUnavailableException.class),
        SERVER_UNAVAILABLE(BackendUnavailableException.class),
        /** The manager accepts the connection and does not answer within the deadline. */
        TIMEOUT(BackendTimeoutException.class),
        CONNECTION_REFUSED(BackendUnavailableException.class),
        CONNECTION_RESET(BackendUnavailableException.class),
        /** The manager's certificate is not one that we trust. */
        TLS_UNTRUSTED(BackendUnavailableException.class),
        /** A body that is no JSON, with {@link #CANARY} in it. */
        MALFORMED(BackendErrorException.class),
        /** A page of a proxy, or of a wrong host, that says 404: nothing is known of the secret. */
        FOREIGN_404(BackendErrorException.class),
        /** An answer that is larger than any secret. */
        TOO_LARGE(BackendErrorException.class),
        /** An answer of success with nothing in it. */
        EMPTY_ANSWER(BackendErrorException.class),
        /** A checksum that is not that of the value. */
        CHECKSUM_MISMATCH(BackendErrorException.class);

        private final Class<? extends BackendException> failure;

        Fault(Class<? extends BackendException> failure) {
            this.failure = failure;
        }
    }

    /** A manager, or what stands in for it, made anew for every test. */
    public interface Stand extends AutoCloseable {
        /** The backend under test, checked, with a deadline of its own of about a second. */
        SecretBackend backend();

        /** A backend, checked, that asks for the manager at {@code host}, or null if it asks nobody. */
        default @Nullable SecretBackend at(String host, ProxyVariables proxies) {
            return null;
        }

        /** A name that the manager can have, made of a short word of lower-case letters. */
        default String name(String word) {
            return word;
        }

        /** Whether the manager can hold bytes that are no text. */
        default boolean holdsBinary() {
            return true;
        }

        /** Whether the manager can hold a value of no bytes. */
        default boolean holdsEmpty() {
            return true;
        }

        /** The largest value that the manager can hold, in bytes. */
        default int largestValue() {
            return 64 * 1024;
        }

        /** Whether the manager keeps versions. */
        default boolean hasVersions() {
            return true;
        }

        /** Whether the manager's values are JSON objects only. */
        default boolean holdsOnlyObjects() {
            return false;
        }

        /** Whether the manager's names can have slashes. */
        default boolean holdsPaths() {
            return true;
        }

        /** Whether {@code fault} can be brought about here. */
        boolean can(Fault fault);

        /**
         * Makes the manager hold {@code value}, in a new version. Returns the version's id, or null without versions.
         */
        String put(String name, byte[] value) throws Exception;

        /** A well-formed id of a version that {@code name} does not have. */
        default String absentVersion() {
            return "99";
        }

        /** Makes every further read of {@code name} end in {@code fault}; the fault's words hold no canary of ours. */
        void fail(String name, Fault fault) throws Exception;

        /** How many reads of {@code name} the manager was asked for, or -1 if that is not known. */
        default int reads(String name) {
            return -1;
        }

        @Override
        void close();
    }

    /** Files in a test's own directory: they have no versions, do not fail as a manager does, and need no closing. */
    public interface LocalStand extends Stand {
        @Override
        default boolean hasVersions() {
            return false;
        }

        @Override
        default boolean can(Fault fault) {
            return false;
        }

        @Override
        default void fail(String name, Fault fault) {
            throw new IllegalArgumentException("a file does not fail so");
        }

        @Override
        default void close() {}
    }

    /** Makes the manager. */
    protected abstract Stand stand() throws Exception;

    @BeforeEach
    void open() throws Exception {
        stand = stand();
    }

    @AfterEach
    void close() {
        if (stand != null) {
            stand.close();
        }
    }

    @Test
    void a_text_is_read_as_it_was_stored() throws Exception {
        assumeTrue(!stand.holdsOnlyObjects());
        String text = CANARY
                + " with \"quotes\", \u00fcn\u00efcode \ud83d\udd11, \\ and\nlines, postgresql://u:p@ss:w/rd?x@h:5432/db";
        stand.put(stand.name("text"), text.getBytes(UTF_8));
        assertThat(read("text").value()).isEqualTo(text.getBytes(UTF_8));
    }

    @Test
    void a_json_objects_fields_are_properties() throws Exception {
        stand.put(
                stand.name("object"),
                "{\"DATABASE_URL\":\"postgresql://u:p@h/db\",\"PORT\":5432,\"EMPTY\":\"\"}".getBytes(UTF_8));
        assertThat(field("object", "DATABASE_URL")).isEqualTo("postgresql://u:p@h/db");
        assertThat(field("object", "PORT")).isEqualTo("5432");
        assertThat(field("object", "EMPTY")).isEmpty();
        assertThat(read("object").field(Property.parse("absent"))).isNull();
    }

    @Test
    void an_empty_value_is_a_value() throws Exception {
        assumeTrue(stand.holdsEmpty());
        stand.put(stand.name("empty"), new byte[0]);
        assertThat(read("empty").value()).isEmpty();
    }

    @Test
    void bytes_survive_unchanged() throws Exception {
        assumeTrue(stand.holdsBinary());
        byte[] bytes = new byte[1000];
        new Random(1).nextBytes(bytes);
        stand.put(stand.name("binary"), bytes);
        assertThat(read("binary").value()).isEqualTo(bytes);
    }

    @Test
    void a_large_value_is_read_whole() throws Exception {
        int size = Math.min(60 * 1024, stand.largestValue() - "{\"LARGE\":\"\"}".length());
        String large = "{\"LARGE\":\"" + "x".repeat(size) + "\"}";
        stand.put(stand.name("large"), large.getBytes(UTF_8));
        assertThat(field("large", "LARGE")).hasSize(size);
    }

    @Test
    void the_current_version_is_read_unless_another_is_asked_for() throws Exception {
        assumeTrue(stand.hasVersions());
        String first = stand.put(stand.name("versioned"), "{\"v\":\"first\"}".getBytes(UTF_8));
        String second = stand.put(stand.name("versioned"), "{\"v\":\"second\"}".getBytes(UTF_8));
        assertThat(field("versioned", "v")).isEqualTo("second");
        assertThat(read("versioned").version()).isEqualTo(new Version(second));
        Secret old = stand.backend().read(new SecretName(stand.name("versioned")), new Version(first));
        assertThat(new String(old.field(Property.parse("v")).value(), UTF_8)).isEqualTo("first");
        assertThat(old.version()).isEqualTo(new Version(first));
    }

    @Test
    void a_secret_that_is_not_there_is_not_found() {
        assertThatThrownBy(() -> read("absent")).isInstanceOf(SecretNotFoundException.class);
    }

    /** What a failure means is decided by what was asked, not by how the name looks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth",
                "sys",
                "data",
                "metadata",
                "login",
                "token",
                "oauth",
                "auth/approle/login",
                "auth/token/lookup-self",
                "sys/health",
                "data/app",
                "oauth/token",
            })
    void a_name_may_look_like_something_else(String name) throws Exception {
        assumeTrue(name.indexOf('/') < 0 || stand.holdsPaths());
        assertThatThrownBy(() -> read(name)).isExactlyInstanceOf(SecretNotFoundException.class);
        stand.put(stand.name(name), "{\"v\":\"stored\"}".getBytes(UTF_8));
        assertThat(field(name, "v")).isEqualTo("stored");
        for (Fault fault : List.of(Fault.ACCESS_DENIED, Fault.DELETED)) {
            if (stand.can(fault)) {
                stand.fail(stand.name(name), fault);
                assertThatThrownBy(() -> read(name)).isExactlyInstanceOf(fault.failure);
            }
        }
    }

    @Test
    void a_version_that_is_not_there_is_not_found() throws Exception {
        stand.put(stand.name("versioned"), "{\"v\":\"only\"}".getBytes(UTF_8));
        Version absent = new Version(stand.absentVersion());
        assertThatThrownBy(() -> stand.backend().read(new SecretName(stand.name("versioned")), absent))
                .isInstanceOf(SecretNotFoundException.class);
    }

    @Test
    void a_version_that_can_not_be_one_is_not_found() throws Exception {
        stand.put(stand.name("versioned"), "{\"v\":\"only\"}".getBytes(UTF_8));
        for (String odd : new String[] {"../../other", "a?b=c".replace("?", "@"), "0", "-1", "@", "a/b"}) {
            assertThatThrownBy(() -> stand.backend().read(new SecretName(stand.name("versioned")), new Version(odd)))
                    .isInstanceOf(SecretNotFoundException.class);
        }
    }

    @Test
    void a_name_that_the_manager_cannot_have_is_not_found() {
        for (String odd : new String[] {"a b", "a#b", "a?b", "a&b", "..a", "a\u00e9", "a:b", "x".repeat(512)}) {
            assertThatThrownBy(() -> stand.backend().read(new SecretName(odd), null))
                    .isInstanceOf(SecretNotFoundException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_fault_has_one_meaning(Fault fault) throws Exception {
        assumeTrue(stand.can(fault));
        String name = stand.name("faulty");
        stand.put(name, ("{\"v\":\"" + CANARY + "\"}").getBytes(UTF_8));
        stand.fail(name, fault);
        long start = System.nanoTime();
        assertThatThrownBy(() -> read("faulty"))
                .isExactlyInstanceOf(fault.failure)
                .satisfies(failure -> assertThat(everythingSaid(failure)).doesNotContain(CANARY, CANARY_CREDENTIAL));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void a_manager_that_throttles_may_say_for_how_long() throws Exception {
        assumeTrue(stand.can(Fault.THROTTLED));
        stand.put(stand.name("faulty"), "{\"v\":\"x\"}".getBytes(UTF_8));
        stand.fail(stand.name("faulty"), Fault.THROTTLED);
        assertThatThrownBy(() -> read("faulty"))
                .isInstanceOfSatisfying(
                        BackendUnavailableException.class,
                        failure -> assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"ACCESS_DENIED", "THROTTLED", "SERVER_ERROR", "SERVER_UNAVAILABLE", "MALFORMED"})
    void a_read_asks_once_and_leaves_trying_again_to_its_caller(Fault fault) throws Exception {
        assumeTrue(stand.can(fault) && stand.reads(stand.name("faulty")) >= 0);
        stand.put(stand.name("faulty"), "{\"v\":\"x\"}".getBytes(UTF_8));
        stand.fail(stand.name("faulty"), fault);
        int before = stand.reads(stand.name("faulty"));
        assertThatThrownBy(() -> read("faulty")).isInstanceOf(BackendException.class);
        assertThat(stand.reads(stand.name("faulty")) - before).isEqualTo(1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "user:canary-credential")
    void a_read_goes_by_the_proxy_that_the_variables_name(@Nullable String login) throws Exception {
        try (TestProxy proxy = new TestProxy(login)) {
            SecretBackend far = stand.at(TestProxy.HOST, proxy.variables());
            assumeTrue(far != null);
            stand.put(stand.name("far"), "{\"v\":\"far\"}".getBytes(UTF_8));
            Secret found = far.read(new SecretName(stand.name("far")), null);
            assertThat(new String(found.value(), UTF_8)).contains("far");
            assertThat(proxy.asked()).contains(TestProxy.HOST);
        }
    }

    @Test
    void a_host_of_no_proxy_is_asked_itself() throws Exception {
        try (TestProxy proxy = new TestProxy(null)) {
            Map<String, String> variables = Map.of(
                    "http_proxy", proxy.url(), "https_proxy", proxy.url(), "no_proxy", "other.test, .postern.test");
            SecretBackend direct = stand.at(TestProxy.HOST, ProxyVariables.of(variables));
            assumeTrue(direct != null);
            assertThatThrownBy(() -> direct.read(new SecretName(stand.name("far")), null))
                    .isInstanceOf(BackendUnavailableException.class);
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @Test
    void the_backend_tells_nothing_of_its_credentials() {
        assertThat(stand.backend().toString()).doesNotContain(CANARY_CREDENTIAL);
    }

    protected final Secret read(String word) {
        return stand.backend().read(new SecretName(stand.name(word)), null);
    }

    private String field(String word, String property) {
        return new String(read(word).field(Property.parse(property)).value(), UTF_8);
    }

    /** The message, the causes' messages and the stack traces: all that could get into a log. */
    protected static String everythingSaid(Throwable failure) {
        StringWriter said = new StringWriter();
        failure.printStackTrace(new PrintWriter(said));
        return said.toString();
    }
}
