package dev.postern.api;

import static dev.postern.caller.mtls.TestAuthority.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.mtls.TestAuthority;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same contract and the same guards on every listener, by bytes that no client would send. */
@QuarkusTest
@TestProfile(TlsStand.Listeners.class)
class ListenersHttpTest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3})");
    private static final String SECOND = "GET /secrets/EMPTY HTTP/1.1\r\nHost: localhost\r\n\r\n";

    enum Kind {
        PLAIN,
        TLS,
        UNIX
    }

    private final TestAuthority authority = TestAuthority.named("Clients");

    @Inject
    TlsStand stand;

    @Inject
    ServiceUnderTest service;

    @Inject
    CapturedAudit audit;

    @BeforeEach
    void use() {
        stand.use(authority.issue(TlsStand.server()), authority);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_caller_that_proves_who_it_is_gets_the_secret(Kind kind) throws IOException {
        String proof = kind == Kind.TLS ? "" : "Authorization: Bearer " + service.token() + "\r\n";
        String answer = exchange(
                kind,
                "GET /secrets/DATABASE_URL HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Request-Id: on-" + kind
                        + "\r\n" + proof + "\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(audit.of("on-" + kind).get(0).getString("source.address"))
                .isEqualTo(kind == Kind.UNIX ? null : "127.0.0.1");
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "UNIX"})
    void without_a_token_there_is_no_answer_but_401(Kind kind) throws IOException {
        assertThat(statuses(exchange(kind, SECOND.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))))
                .containsExactly(401);
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void guards_hold(Kind kind, String target, String headers, int status) throws IOException {
        String answer = exchange(
                kind,
                "GET " + target + " HTTP/1.1\r\n" + headers + "Connection: close\r\nAuthorization: Bearer "
                        + service.token() + "\r\n\r\n");
        assertThat(statuses(answer)).containsExactly(status);
        assertThat(answer).containsIgnoringCase("content-type: application/problem+json");
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "TLS"})
    void a_host_of_another_name_is_misdirected(Kind kind) throws IOException {
        for (String target : List.of("/secrets/EMPTY", "/secrets", "/secrets?name=EMPTY", "/nope")) {
            assertThat(statuses(named(kind, target, "evil.example"))).as(target).containsExactly(421);
        }
    }

    @Test
    void a_socket_takes_any_host_since_no_browser_can_be_led_to_it() throws IOException {
        assertThat(statuses(named(Kind.UNIX, "/secrets/DATABASE_URL", "unix"))).containsExactly(200);
        assertThat(statuses(named(Kind.UNIX, "/nope", "unix"))).containsExactly(404);
    }

    private String named(Kind kind, String target, String host) throws IOException {
        return exchange(
                kind,
                "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nAuthorization: Bearer "
                        + service.token() + "\r\n\r\n");
    }

    static Stream<Arguments> guarded() {
        String host = "Host: localhost\r\n";
        return each(
                Arguments.of("/secrets?name=EMPTY", host + "X-Forwarded-For: a\r\n", 403),
                Arguments.of("/secrets?name=EMPTY", host + "Origin: http://localhost\r\n", 403),
                Arguments.of("/secrets?name=EMPTY", host + host, 400),
                Arguments.of("http://evil.example/secrets?name=EMPTY", host, 400),
                Arguments.of("/secrets/EMPTY", host + "Authorization: Bearer wrong\r\n", 400),
                Arguments.of("/secrets?name=EMPTY", host + "authorization: Bearer wrong\r\n", 400),
                Arguments.of("/nope", host + "Forwarded: for=192.0.2.1\r\n", 403),
                Arguments.of("/nope", host + host, 400),
                Arguments.of("/secrets/EMPTY", "", 400),
                Arguments.of("/secrets/EMPTY", host + host, 400),
                Arguments.of("/secrets/EMPTY", host + "Host: evil.example\r\n", 400),
                Arguments.of("/secrets/EMPTY", "Host: localhost\r\n evil.example\r\n", 421),
                Arguments.of("/secrets/EMPTY", host + "Forwarded: for=192.0.2.1\r\n", 403),
                Arguments.of("/secrets", host + "X-Forwarded-Host: a\r\n", 403),
                Arguments.of("/secrets/EMPTY", host + "Origin: http://localhost\r\n", 403),
                Arguments.of("http://localhost/secrets/EMPTY", host, 400),
                Arguments.of("http://evil.example/secrets/EMPTY", host, 400),
                Arguments.of("//evil.example/secrets/EMPTY", host, 404),
                Arguments.of("*", host, 400));
    }

    /** What two parsers could see differently is refused, and what comes after it on the connection is not read. */
    @ParameterizedTest
    @MethodSource("ambiguous")
    void a_request_with_two_readings_has_none(Kind kind, String headers, String body) throws IOException {
        assertThat(statuses(twice(kind, "/secrets/EMPTY", headers, body))).containsExactly(400);
    }

    @ParameterizedTest
    @MethodSource("ambiguous")
    void nor_has_it_any_on_another_route(Kind kind, String headers, String body) throws IOException {
        for (String target : List.of("/secrets", "/secrets?name=EMPTY", "/nope")) {
            assertThat(statuses(twice(kind, target, headers, body)))
                    .as(target)
                    .hasSize(1)
                    .allMatch(status -> status == 400 || status == 404);
        }
    }

    private String twice(Kind kind, String target, String headers, String body) throws IOException {
        return exchange(
                kind,
                "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + service.token() + "\r\n"
                        + headers + "\r\n" + body + SECOND);
    }

    static Stream<Arguments> ambiguous() {
        return each(
                Arguments.of("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                Arguments.of("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
                Arguments.of("Content-Length: 0\r\nContent-Length: 5\r\n", "hello"),
                Arguments.of("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
                Arguments.of("Content-Length: 5, 5\r\n", "hello"),
                Arguments.of("Content-Length: +5\r\n", "hello"),
                Arguments.of("Content-Length: -1\r\n", ""),
                Arguments.of("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                Arguments.of("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
                Arguments.of("Transfer-Encoding: identity\r\n", ""),
                Arguments.of("Transfer-Encoding:\u000bchunked\r\n", "0\r\n\r\n"),
                Arguments.of("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
                Arguments.of("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"),
                Arguments.of("Content-Length: 5\r\n", "hello"),
                Arguments.of("X-A: b\rContent-Length: 5\r\n", ""));
    }

    @Test
    void the_socket_is_closed_to_others() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(TlsStand.socket())))
                .isEqualTo("rw-rw----");
    }

    private static Stream<Arguments> each(Arguments... cases) {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(cases)
                        .map(one -> Arguments.of(Stream.concat(Stream.of(kind), Stream.of(one.get()))
                                .toArray())));
    }

    private static List<Integer> statuses(String answers) {
        return STATUS.matcher(answers)
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
    }

    private String exchange(Kind kind, String bytes) throws IOException {
        switch (kind) {
            case PLAIN -> {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
                    return exchange(socket, bytes);
                }
            }
            case TLS -> {
                TestAuthority.Issued own = authority.issue(request("a").uri("spiffe://test.example/ns/ml/sa/trainer"));
                try (Socket socket = stand.connect(TlsStand.client(own, "TLSv1.3", authority))) {
                    return exchange(socket, bytes);
                }
            }
            case UNIX -> {
                try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(TlsStand.socket()))) {
                    return RawHttp.exchange(Channels.newInputStream(socket), Channels.newOutputStream(socket), bytes);
                }
            }
        }
        throw new IllegalStateException();
    }

    private static String exchange(Socket socket, String bytes) throws IOException {
        socket.setSoTimeout(20_000);
        return RawHttp.exchange(socket.getInputStream(), socket.getOutputStream(), bytes);
    }
}
