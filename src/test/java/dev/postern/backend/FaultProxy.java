package dev.postern.backend;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stands between a client and a server, and does to their bytes what networks do. */
public final class FaultProxy implements AutoCloseable {
    private static final byte[] GARBAGE = new byte[4096];

    /** What becomes of the server's answer. */
    public enum Mode {
        /** It comes as it is. */
        PASS,
        /** It comes a tenth of a second late. */
        DELAY,
        /** The connection is accepted, and nothing ever comes. */
        FREEZE,
        /** The connection is reset instead. */
        RESET,
        /** The connection is reset in the middle of it. */
        RESET_WITHIN,
        /** The server's side is closed in the middle of it. */
        HALF_CLOSE,
        /** It comes one byte a second. */
        TRICKLE,
        /** Something else comes: no HTTP, and to a client that wants TLS no TLS. */
        GARBAGE
    }

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Mode mode = Mode.PASS;

    public FaultProxy(int serverPort) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** What becomes of answers from now on; connections that are open are cut, so that none escapes. */
    public void set(Mode next) throws IOException {
        mode = next;
        cut();
    }

    private void cut() throws IOException {
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            sockets.add(client);
            if (closed.getCount() == 0) {
                // The kernel accepts for a moment longer than the listener is open.
                client.close();
                return;
            }
            run(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        switch (mode) {
            case FREEZE -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
            case RESET -> {
                client.getInputStream().read();
                reset(client);
            }
            case GARBAGE -> {
                client.getInputStream().read();
                client.getOutputStream().write(GARBAGE);
                client.close();
            }
            default -> relay(client);
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private void relay(Socket client) throws IOException {
        Socket upstream = new Socket();
        upstream.connect(server);
        sockets.add(upstream);
        run(() -> client.getInputStream().transferTo(upstream.getOutputStream()));
        InputStream in = upstream.getInputStream();
        OutputStream out = client.getOutputStream();
        byte[] bytes = new byte[8192];
        for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
            switch (mode) {
                case RESET_WITHIN -> {
                    out.write(bytes, 0, length / 2);
                    reset(client);
                    return;
                }
                case HALF_CLOSE -> {
                    out.write(bytes, 0, length / 2);
                    client.shutdownOutput();
                    return;
                }
                case TRICKLE -> trickle(out, bytes, length);
                case DELAY -> {
                    if (pause(100)) {
                        return;
                    }
                    out.write(bytes, 0, length);
                }
                default -> out.write(bytes, 0, length);
            }
        }
        client.close();
    }

    private void trickle(OutputStream out, byte[] bytes, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            out.write(bytes[i]);
            if (pause(1000)) {
                return;
            }
        }
    }

    /** Waits, or returns true as soon as this is closed. */
    private boolean pause(long millis) throws IOException {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException cutOff) {
                // As it was meant to be.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        cut();
    }
}
