package dev.postern.net;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.postern.backend.TestProxy;
import dev.postern.backend.TestTls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyVariablesTest {
    private static final String PROXY = "http://proxy.example:3128";

    @ParameterizedTest
    @CsvSource({
        "HTTPS_PROXY, https://vault.example/, proxy.example:3128",
        "https_proxy, https://vault.example/, proxy.example:3128",
        "HTTP_PROXY,  http://vault.example/,  proxy.example:3128",
        "http_proxy,  http://vault.example/,  proxy.example:3128",
        "HTTP_PROXY,  https://vault.example/,",
        "HTTPS_PROXY, http://vault.example/,",
        "FTP_PROXY,   http://vault.example/,",
    })
    void a_scheme_has_its_own_proxy(String variable, String url, String expected) {
        assertThat(proxy(Map.of(variable, PROXY), url)).isEqualTo(expected);
    }

    @Test
    void the_variable_in_small_letters_goes_before() {
        assertThat(proxy(Map.of("https_proxy", "http://small:1", "HTTPS_PROXY", PROXY), "https://vault.example"))
                .isEqualTo("small:1");
    }

    @ParameterizedTest
    @CsvSource({
        "proxy.example:8080,             proxy.example:8080",
        "http://proxy.example,           proxy.example:80",
        "http://proxy.example:3128/,     proxy.example:3128",
        "http://user:pa%3Ass@proxy:3128, proxy:3128",
        "http://[::1]:3128,              [::1]:3128",
    })
    void a_proxy_may_be_written(String value, String expected) {
        assertThat(proxy(Map.of("HTTPS_PROXY", value), "https://vault.example")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void an_empty_variable_names_none(String value) {
        assertThat(proxy(Map.of("HTTPS_PROXY", value), "https://vault.example")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://canary:secret@proxy:1080",
                "https://canary:secret@proxy:3128",
                "http://canary:sec ret@proxy",
                "http://canary:secret@proxy/path",
                "http://canary:secret@proxy?a",
                "://canary",
                "http://",
            })
    void what_is_no_proxy_is_refused_and_not_quoted(String value) {
        assertThatThrownBy(() -> ProxyVariables.of(Map.of("https_proxy", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HTTPS_PROXY")
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://localhost:8200",
                "https://127.0.0.1:8200",
                "https://127.1.2.3",
                "https://[::1]:8200",
                "https://vault.localhost",
                "https://169.254.169.254/latest",
                "https://169.254.170.23/v1/credentials",
                "https://[fe80::1]/",
                "https://[fd00:ec2::254]/",
                "https://metadata.google.internal/computeMetadata",
            })
    void this_machine_and_its_metadata_are_asked_themselves(String url) {
        assertThat(proxy(Map.of("HTTPS_PROXY", PROXY), url)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*                        | https://vault.example          | false",
                "vault.example            | https://vault.example          | false",
                "vault.example            | https://a.vault.example        | false",
                "vault.example            | https://avault.example         | true",
                ".example                 | https://vault.example          | false",
                "*.example                | https://vault.example          | false",
                "VAULT.Example            | https://Vault.EXAMPLE          | false",
                "other.example            | https://vault.example          | true",
                "a.test, vault.example    | https://vault.example          | false",
                "a.test vault.example     | https://vault.example          | false",
                "vault.example:443        | https://vault.example          | false",
                "vault.example:8200       | https://vault.example          | true",
                "vault.example:8200       | https://vault.example:8200     | false",
                "10.1.2.3                 | https://10.1.2.3               | false",
                "10.1.2.3:8200            | https://10.1.2.3:8200          | false",
                "10.0.0.0/8               | https://10.1.2.3               | false",
                "10.0.0.0/8               | https://11.1.2.3               | true",
                "10.1.2.0/23              | https://10.1.3.9               | false",
                "10.1.2.0/23              | https://10.1.4.9               | true",
                "0.0.0.0/0                | https://vault.example          | true",
                "fd12::/16                | https://[fd12:1::2]            | false",
                "fd12::/16                | https://10.1.2.3               | true",
                "[fd12::2]:8200           | https://[fd12::2]:8200         | false",
                "2.3                      | https://10.1.2.3               | true",
                "10.0.0.0/x               | https://10.1.2.3               | true",
                "/8                       | https://10.1.2.3               | true",
            })
    void exceptions_are(String exceptions, String url, boolean proxied) {
        assertThat(proxy(Map.of("HTTPS_PROXY", PROXY, "NO_PROXY", exceptions), url) != null)
                .isEqualTo(proxied);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_password_is_told_to_the_proxy_and_to_nobody_else(boolean tls, @TempDir Path directory) throws Exception {
        Path keyStore = TestTls.keyStore(directory);
        WireMockServer server =
                new WireMockServer(TestTls.server(keyStore).httpDisabled(false).dynamicPort());
        server.start();
        try (TestProxy proxy = new TestProxy("user:pass")) {
            URI url = URI.create((tls ? "https://" : "http://") + TestProxy.HOST + ":"
                    + (tls ? server.httpsPort() : server.port()) + "/");
            HttpRequest.Builder request = HttpRequest.newBuilder(url).header("Authorization", "ours");
            proxy.variables().authorize(url, request::header);
            HttpClient client = HttpClient.newBuilder()
                    .proxy(proxy.variables())
                    .sslContext(CaFile.trusting(TestTls.certificate(keyStore)))
                    .build();
            client.send(request.build(), HttpResponse.BodyHandlers.discarding());
            assertThat(proxy.asked()).containsExactly(TestProxy.HOST);
            LoggedRequest seen = server.findAll(anyRequestedFor(anyUrl())).get(0);
            assertThat(seen.getHeader("Authorization")).isEqualTo("ours");
            // A proxy of plain HTTP takes it away by itself.
            assertThat(seen.containsHeader("Proxy-Authorization")).isEqualTo(!tls);
        } finally {
            server.stop();
        }
    }

    private static String proxy(Map<String, String> variables, String url) {
        ProxyVariables.HttpProxy proxy = ProxyVariables.of(variables).proxyFor(URI.create(url));
        return proxy == null ? null : proxy.toString();
    }
}
