package dev.postern.api.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {
    @TempDir
    Path directory;

    private Path path;
    private UnixSocket socket;

    @BeforeEach
    void name() {
        path = directory.resolve("postern.sock");
        socket = new UnixSocket(path);
    }

    @Test
    void it_is_closed_to_others_from_the_first_moment_and_leaves_nothing_beside_it() throws IOException {
        try (ServerSocketChannel server = socket.open(at -> {
            assertThat(permissions(at.getParent())).isEqualTo("rwx------");
            return bind(at);
        })) {
            assertThat(server.isOpen()).isTrue();
            assertThat(permissions(path)).isEqualTo("rw-rw----");
            assertThat(directory.toFile().list()).containsExactly("postern.sock");
            connect();
        }
    }

    @Test
    void a_socket_that_nobody_listens_on_is_replaced() throws IOException {
        bind(path).close();
        assertThat(path).exists();
        try (ServerSocketChannel server = socket.open(UnixSocketTest::bind)) {
            assertThat(server.isOpen()).isTrue();
            connect();
        }
    }

    @Test
    void a_socket_that_somebody_listens_on_stays() throws IOException {
        try (ServerSocketChannel other = bind(path)) {
            assertThat(other.isOpen()).isTrue();
            assertThatThrownBy(() -> socket.open(UnixSocketTest::bind))
                    .hasMessageStartingWith("postern.http.socket: another process listens on ");
            connect();
        }
    }

    @Test
    void what_is_no_socket_stays() throws IOException {
        Files.writeString(path, "precious");
        assertThatThrownBy(() -> socket.open(UnixSocketTest::bind)).hasMessageContaining("is not a socket");
        assertThat(path).hasContent("precious");

        Files.delete(path);
        Files.createSymbolicLink(path, Files.createFile(directory.resolve("other")));
        assertThatThrownBy(() -> socket.open(UnixSocketTest::bind)).hasMessageContaining("is not a socket");
        assertThat(path).isSymbolicLink();
    }

    @Test
    void a_directory_that_is_not_there_is_named() {
        UnixSocket nowhere = new UnixSocket(directory.resolve("nope/postern.sock"));
        assertThatThrownBy(() -> nowhere.open(UnixSocketTest::bind))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("postern.http.socket: ");
    }

    @Test
    void it_is_removed_at_the_end_but_not_its_successor() throws IOException {
        try (ServerSocketChannel server = socket.open(UnixSocketTest::bind)) {
            assertThat(server.isOpen()).isTrue();
            socket.close();
            assertThat(path).doesNotExist();
        }
        ServerSocketChannel mine = socket.open(UnixSocketTest::bind);
        Files.delete(path);
        try (ServerSocketChannel successor = bind(path)) {
            assertThat(successor.isOpen()).isTrue();
            socket.close();
            assertThat(path).exists();
        }
        mine.close();
    }

    private void connect() throws IOException {
        SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
    }

    private static String permissions(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerSocketChannel bind(Path at) {
        try {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(at));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
