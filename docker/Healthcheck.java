import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks the service in this container whether it is ready: exit code 0 if it is. The image has no curl. */
final class Healthcheck {
    private static final int TIMEOUT_MILLIS = 2000;

    private Healthcheck() {}

    public static void main(String... args) {
        System.exit(isReady() ? 0 : 1);
    }

    private static boolean isReady() {
        String host = System.getenv().getOrDefault("POSTERN_HTTP_MANAGEMENT_HOST", "127.0.0.1");
        String port = System.getenv().getOrDefault("POSTERN_HTTP_MANAGEMENT_PORT", "7742");
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(any ? "127.0.0.1" : host, Integer.parseInt(port)), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write("GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
            return status.equals("HTTP/1.1 200");
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }
}
