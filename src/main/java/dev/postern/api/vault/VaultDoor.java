package dev.postern.api.vault;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.Inquiry;
import dev.postern.access.SecretAccess;
import dev.postern.api.listener.HttpDoor;
import dev.postern.api.listener.HttpExchange;
import dev.postern.api.vault.Mounts.Mount;
import dev.postern.api.vault.VaultRequest.Rendering;
import dev.postern.secret.InvalidReferenceException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads of the KV engine, and what Vault's clients ask before them. */
@Singleton
@Typed(VaultDoor.class)
public final class VaultDoor implements HttpDoor {
    /** The setting of its port. */
    public static final String PORT = VaultApiSettings.PORT;

    private static final String ROOT = "/v1/";
    private static final String MOUNT_INFO = "sys/internal/ui/mounts/";
    private static final String AUTH = "auth/";
    private static final String DATA = "data/";
    private static final String METADATA = "metadata/";
    private static final Pattern LOGIN = Pattern.compile("auth/[^/]+/login");
    private static final int MAX_BODY = 64 * 1024;
    private static final Rendering NOTHING = (request, access) -> request.nothing();

    private final SecretAccess access;
    private final Mounts mounts;
    private final KvAnswers kv;
    private final TokenAnswers tokens;
    private final InstantSource clock = InstantSource.system();

    VaultDoor(SecretAccess access, VaultApiConfig config) {
        this.access = access;
        this.mounts = new Mounts(config);
        this.kv = new KvAnswers(new VersionNumbers(clock));
        this.tokens = new TokenAnswers(clock);
    }

    @Override
    public String interfaceName() {
        return "vault";
    }

    /** Clients send one with each {@code POST}. Only that of a login has anything to read. */
    @Override
    public int maxBody(HttpServerRequest request) {
        return isWrite(request) && String.valueOf(request.path()).startsWith(ROOT + AUTH) ? MAX_BODY : 0;
    }

    @Override
    public void handle(HttpExchange exchange) {
        String whole = String.valueOf(exchange.request().path());
        String path = whole.startsWith(ROOT) ? whole.substring(ROOT.length()) : "";
        Mount mount = mounts.of(path);
        if (exchange.refusal() == null && (path.equals("sys/health") || path.equals("sys/seal-status"))) {
            exchange.write(200, VaultRequest.JSON, ServerStatus.body(clock.instant()));
        } else if (path.startsWith(MOUNT_INFO)) {
            describeMount(exchange, mounts.of(path.substring(MOUNT_INFO.length())));
        } else if (path.startsWith(AUTH)) {
            handleToken(exchange, path);
        } else if (mount == null) {
            refuse(exchange, FaultCode.NOT_FOUND);
        } else {
            handleSecret(exchange, mount, mount.below(path));
        }
    }

    private void start(HttpExchange exchange, Inquiry inquiry, Rendering rendering) {
        access.start(new VaultRequest(exchange, inquiry, rendering));
    }

    /** Authenticates the caller all the same, and is recorded. */
    private void refuse(HttpExchange exchange, FaultCode code) {
        start(exchange, Inquiry.authenticate().invalid(Fault.of(code)), NOTHING);
    }

    private void handleToken(HttpExchange exchange, String path) {
        boolean writes = isWrite(exchange.request());
        if (path.equals("auth/token/lookup-self") && !writes) {
            start(exchange, Inquiry.authenticate(), tokens::lookUp);
        } else if (path.equals("auth/token/renew-self") && writes) {
            start(exchange, Inquiry.authenticate(), tokens::logIn);
        } else if (path.equals("auth/token/revoke-self") && writes) {
            start(exchange, Inquiry.authenticate(), NOTHING);
        } else if (LOGIN.matcher(path).matches() && writes) {
            logIn(exchange);
        } else {
            refuse(exchange, FaultCode.METHOD_NOT_ALLOWED);
        }
    }

    private void logIn(HttpExchange exchange) {
        String token = LoginBody.token(exchange.body());
        // Without one, a header must not stand in for it.
        access.start(new VaultRequest(exchange, token == null ? "" : token, Inquiry.authenticate(), tokens::logIn));
    }

    private void describeMount(HttpExchange exchange, @Nullable Mount mount) {
        if (mount == null) {
            refuse(exchange, FaultCode.FORBIDDEN);
            return;
        }
        start(
                exchange,
                Inquiry.authenticate(),
                (request, made) -> request.data(0, 0, json -> {
                    json.writeStartObject();
                    json.writeStringField("accessor", "kv_postern");
                    json.writeStringField("description", "");
                    json.writeBooleanField("local", false);
                    json.writeObjectFieldStart("options");
                    json.writeStringField("version", Integer.toString(mount.version()));
                    json.writeEndObject();
                    json.writeStringField("path", mount.path() + "/");
                    json.writeStringField("type", "kv");
                    json.writeStringField("uuid", "");
                    json.writeEndObject();
                }));
    }

    private void handleSecret(HttpExchange exchange, Mount mount, String path) {
        String query = exchange.request().query();
        boolean lists = exchange.request().method().name().equals("LIST") || "list=true".equals(query);
        boolean second = mount.version() == 2;
        if (isWrite(exchange.request())) {
            refuse(exchange, FaultCode.METHOD_NOT_ALLOWED);
        } else if (lists && (!second || (path + "/").startsWith(METADATA))) {
            list(exchange, mount, second ? below(METADATA, path) : path);
        } else if (!second) {
            start(exchange, KvPaths.read(mount, path, query), kv::first);
        } else if (path.startsWith(DATA)) {
            start(exchange, KvPaths.read(mount, below(DATA, path), query), kv::second);
        } else if (path.startsWith(METADATA)) {
            start(exchange, KvPaths.describe(mount, below(METADATA, path)), kv::metadata);
        } else {
            refuse(exchange, FaultCode.NOT_FOUND);
        }
    }

    private static String below(String folder, String path) {
        return path.substring(Math.min(path.length(), folder.length()));
    }

    private void list(HttpExchange exchange, Mount mount, String path) {
        if (mount.backend() != null) {
            // Only the names of aliases are known.
            refuse(exchange, FaultCode.SECRET_NOT_FOUND);
            return;
        }
        try {
            String folder = KvPaths.decode(path.isEmpty() || path.endsWith("/") ? path : path + "/");
            start(exchange, Inquiry.list(), (request, made) -> KvAnswers.list(request, made, folder));
        } catch (InvalidReferenceException e) {
            start(exchange, Inquiry.list().invalid(Fault.of(e)), NOTHING);
        }
    }

    private static boolean isWrite(HttpServerRequest request) {
        HttpMethod method = request.method();
        return !method.equals(HttpMethod.GET)
                && !method.equals(HttpMethod.HEAD)
                && !method.name().equals("LIST");
    }
}
