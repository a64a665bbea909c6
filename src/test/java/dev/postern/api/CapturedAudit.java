package dev.postern.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.audit.sink.AuditSink;
import io.quarkus.test.Mock;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes the place of standard output, which belongs to the test runner. */
@Mock
@Singleton
public class CapturedAudit implements AuditSink {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile boolean failing;

    @Override
    public void write(byte[] bytes, int length) throws IOException {
        if (failing) {
            throw new IOException("No space left on device");
        }
        new String(bytes, 0, length, UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(lines::add);
    }

    public List<String> lines() {
        return lines;
    }

    /** The lines of one request. */
    public List<JsonObject> of(String requestId) {
        return lines.stream()
                .map(JsonObject::new)
                .filter(line -> requestId.equals(line.getString("http.request.id")))
                .toList();
    }

    public void fail(boolean now) {
        failing = now;
    }
}
