package dev.postern.api.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import dev.postern.api.media.MediaTypes.Representation;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {
    private static final List<Representation> ALL = List.of(Representation.values());

    @Test
    void json_is_preferred_where_nothing_is_said() {
        assertThat(MediaTypes.choose(List.of(), ALL)).isEqualTo(Representation.JSON);
        assertThat(MediaTypes.choose(List.of(""), ALL)).isEqualTo(Representation.JSON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*                                          | JSON",
                "application/*                                | JSON",
                "text/*                                       | TEXT",
                "Text/Plain                                   | TEXT",
                "text/plain;charset=utf-8                     | TEXT",
                "application/octet-stream                     | BYTES",
                "text/html, application/xhtml+xml, */*;q=0.8  | JSON",
                "application/json;q=0.1, text/plain;q=0.9     | TEXT",
                "application/json;q=0, */*                    | TEXT",
                "application/json;q=0,text/*;q=0,*/*;q=0.1    | BYTES",
                "application/*;q=0.5, application/octet-stream| BYTES",
                "text/plain;q=0.999, application/json         | JSON",
            })
    void the_best_match_wins(String accept, Representation expected) {
        assertThat(MediaTypes.choose(List.of(accept), ALL)).isEqualTo(expected);
    }

    @Test
    void several_fields_are_one_list() {
        assertThat(MediaTypes.choose(List.of("text/html", "text/plain"), ALL)).isEqualTo(Representation.TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "*/*;q=0", "image/*", "application/xml, text/html"})
    void what_is_not_there_is_not_acceptable(String accept) {
        assertProblem(accept, FaultCode.NOT_ACCEPTABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", ";;;", "text/plain;q=x", "text/plain;q=2", "text/plain;q=-1", "/", "*/json", ","})
    void a_range_that_is_not_understood_is_passed_over(String range) {
        assertThat(MediaTypes.choose(List.of(range + ", text/plain;q=0.5"), ALL))
                .isEqualTo(Representation.TEXT);
        assertProblem(range, FaultCode.NOT_ACCEPTABLE);
    }

    @Test
    void a_quoted_parameter_may_hold_separators() {
        assertThat(MediaTypes.choose(List.of("text/plain;x=\"a,b;\\\"q=0\";q=0.5, application/json;q=0.1"), ALL))
                .isEqualTo(Representation.TEXT);
    }

    /** What it sends by itself, which until 17.0.12 held {@code *; q=.2}. */
    @Test
    void the_jdk_s_own_client_is_answered_with_json() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicReference<List<String>> accept = new AtomicReference<>();
        server.createContext("/", exchange -> {
            accept.set(exchange.getRequestHeaders().get("Accept"));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode();
        } finally {
            server.stop(0);
        }
        assertThat(MediaTypes.choose(accept.get(), ALL)).isEqualTo(Representation.JSON);
        assertThat(MediaTypes.choose(List.of("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"), ALL))
                .isEqualTo(Representation.JSON);
    }

    private static void assertProblem(String accept, FaultCode type) {
        assertThatThrownBy(() -> MediaTypes.choose(List.of(accept), ALL))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(type));
    }
}
