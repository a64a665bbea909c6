package dev.postern.api.vault;

import dev.postern.api.media.Json;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/** The state that clients ask for before they have a token. It is always the same, and no secret. */
final class ServerStatus {
    /** Clients compare it with their own. */
    private static final String VERSION = "1.17.0";

    private static final int BYTES = 512;

    private ServerStatus() {}

    /**
     * The common body of <a href="https://openbao.org/api-docs/system/health/">health</a> and <a
     * href="https://openbao.org/api-docs/system/seal-status/">seal status</a>.
     */
    static Buffer body(Instant now) {
        return Json.write(BYTES, json -> {
            json.writeStartObject();
            json.writeStringField("type", "shamir");
            json.writeBooleanField("initialized", true);
            json.writeBooleanField("sealed", false);
            json.writeBooleanField("standby", false);
            json.writeBooleanField("performance_standby", false);
            json.writeNumberField("t", 1);
            json.writeNumberField("n", 1);
            json.writeNumberField("progress", 0);
            json.writeNumberField("server_time_utc", now.getEpochSecond());
            json.writeStringField("version", VERSION);
            json.writeStringField("cluster_name", "postern");
            json.writeStringField("cluster_id", "postern");
            json.writeEndObject();
        });
    }
}
