package dev.postern.api.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NativeTransportTest {
    @Test
    void a_directory_that_forbids_execution_is_the_reason() {
        Throwable linker = new UnsatisfiedLinkError("/tmp/libnetty.so: failed to map segment from shared object");
        Throwable loader = new UnsatisfiedLinkError("could not load a native library");
        loader.addSuppressed(linker);
        assertThat(NativeTransport.problem(new IllegalStateException("failed to load", loader)))
                .contains(System.getProperty("java.io.tmpdir") + " is mounted noexec", "-Djava.io.tmpdir=DIR");
    }

    @Test
    void any_other_reason_is_told_as_it_is() {
        assertThat(NativeTransport.problem(new UnsatisfiedLinkError("no epoll")))
                .contains("platform: no epoll");
        assertThat(NativeTransport.problem(null)).endsWith("on this platform");
    }
}
