package dev.postern.backend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.net.ProxyVariables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy that takes {@link #HOST}, which no resolver knows, for this machine. */
public final class TestProxy implements AutoCloseable {
    public static final String HOST = "manager.postern.test";
    public static final ProxyVariables NONE = ProxyVariables.of(Map.of());

    private static final Pattern TARGET = Pattern.compile("(?:CONNECT |[A-Z]+ http://)([^:/ ]+):([0-9]+)");

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final @Nullable String login;

    /** @param login user and password, with a colon between them, without whom it lets nobody through, or null */
    public TestProxy(@Nullable String login) throws IOException {
        this.login = login;
        threads.submit(() -> {
            while (!server.isClosed()) {
                Socket client = server.accept();
                threads.submit(() -> serve(client));
            }
            return null;
        });
    }

    public String url() {
        return "http://" + (login == null ? "" : login + "@") + "127.0.0.1:" + server.getLocalPort();
    }

    public ProxyVariables variables() {
        return ProxyVariables.of(Map.of("HTTP_PROXY", url(), "HTTPS_PROXY", url()));
    }

    /** The hosts that it let its clients through to. */
    public List<String> asked() {
        return asked;
    }

    private @Nullable Void serve(Socket client) throws IOException {
        try (client) {
            String head = head(client.getInputStream());
            Matcher target = TARGET.matcher(head);
            if (!target.lookingAt() || !target.group(1).equals(HOST)) {
                answer(client, "502 Bad Gateway", "");
                return null;
            }
            if (login != null && !head.contains("roxy-Authorization: Basic " + base64(login))) {
                answer(client, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"test\"\r\n");
                return null;
            }
            asked.add(target.group(1));
            try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(target.group(2)))) {
                if (head.startsWith("CONNECT")) {
                    client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
                } else {
                    upstream.getOutputStream().write(head.getBytes(ISO_8859_1));
                }
                threads.submit(() -> pump(client.getInputStream(), upstream.getOutputStream()));
                pump(upstream.getInputStream(), client.getOutputStream());
            }
        }
        return null;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(Socket client, String status, String fields) throws IOException {
        client.getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                        .getBytes(ISO_8859_1));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toString(ISO_8859_1);
    }

    private static @Nullable Void pump(InputStream in, OutputStream out) throws IOException {
        try {
            in.transferTo(out);
        } catch (SocketException e) {
            // One of both has gone.
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
