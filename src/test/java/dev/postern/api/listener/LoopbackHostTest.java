package dev.postern.api.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackHostTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:7740",
                "127.0.0.1",
                "127.0.0.1:7740",
                "127.1.2.3",
                "127.255.255.255:1",
                "[::1]",
                "[::1]:65535"
            })
    void knows_this_machine(String host) {
        assertThat(LoopbackHost.matches(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "localhost.evil.example",
                "localhost.",
                "xlocalhost",
                "127.0.0.1.evil.example",
                "127.0.0",
                "127.0.0.256",
                "127.0.0.1.1",
                "127.0.0.",
                "127..0.1",
                "128.0.0.1",
                "0.0.0.0",
                "10.0.0.1:7740",
                "[::]",
                "[::1",
                "::1",
                "[::ffff:127.0.0.1]",
                "localhost:",
                "localhost:x",
                "localhost:99999",
                "localhost:7740:1",
                "user@localhost",
                "localhost, evil.example",
                " localhost",
                "2130706433",
                "0x7f.0.0.1"
            })
    void knows_nobody_else(String host) {
        assertThat(LoopbackHost.matches(host)).isFalse();
    }
}
