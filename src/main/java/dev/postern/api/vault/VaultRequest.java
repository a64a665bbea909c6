package dev.postern.api.vault;

import dev.postern.access.Access;
import dev.postern.access.Answer;
import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.Inquiry;
import dev.postern.access.Read;
import dev.postern.api.HttpAccess;
import dev.postern.api.listener.HttpExchange;
import dev.postern.api.media.Json;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of one of Vault's clients. */
final class VaultRequest extends HttpAccess {
    /** Exactly so: hvac compares the whole header. */
    static final String JSON = "application/json";

    private static final CharSequence TOKEN = HttpHeaders.createOptimized("X-Vault-Token");
    private static final CharSequence NAMESPACE = HttpHeaders.createOptimized("X-Vault-Namespace");
    private static final CharSequence WRAP = HttpHeaders.createOptimized("X-Vault-Wrap-TTL");
    private static final List<String> MEMBERS = List.of("data", "wrap_info", "warnings", "auth");
    private static final int OVERHEAD_BYTES = 1024;

    private final @Nullable String login;
    private final Inquiry inquiry;
    private final Rendering rendering;

    /** Makes the answer to an access that succeeded. */
    interface Rendering {
        /** @throws dev.postern.access.FaultException if there is no answer */
        Answer answer(VaultRequest request, Access access);
    }

    VaultRequest(HttpExchange exchange, Inquiry inquiry, Rendering rendering) {
        this(exchange, null, inquiry, rendering);
    }

    /** @param login the token in the body of a login, or null if this is none */
    VaultRequest(HttpExchange exchange, @Nullable String login, Inquiry inquiry, Rendering rendering) {
        super(exchange);
        this.login = login;
        this.inquiry = inquiry;
        this.rendering = rendering;
    }

    @Override
    public Inquiry inquiry() {
        return inquiry;
    }

    @Override
    public @Nullable Fault refusal() {
        Fault refusal = super.refusal();
        if (refusal != null) {
            return refusal;
        }
        if (fields(TOKEN).size() > 1) {
            return invalid("The request must have at most one X-Vault-Token header.");
        }
        if (fields(NAMESPACE).stream().anyMatch(name -> !name.isEmpty() && !name.equals("/"))) {
            return invalid("Namespaces are not supported.");
        }
        return fields(WRAP).isEmpty() ? null : invalid("Response wrapping is not supported.");
    }

    private static Fault invalid(String detail) {
        return Fault.of(FaultCode.INVALID_REQUEST, detail);
    }

    @Override
    public @Nullable String authorization() {
        String token = login == null ? exchange().request().getHeader(TOKEN) : login;
        return token == null ? exchange().request().getHeader(HttpHeaders.AUTHORIZATION) : BEARER + token;
    }

    @Override
    public Answer answer(Access access) {
        List<Read> reads = access.reads();
        Fault fault = reads.isEmpty() ? null : reads.get(0).fault();
        return fault == null ? rendering.answer(this, access) : new Answer(status(fault), () -> refuse(fault));
    }

    /** Answers with {@code data} in Vault's envelope. */
    Answer data(long bytes, long leaseSeconds, Json.Writer data) {
        return envelope(bytes, leaseSeconds, "data", data);
    }

    /** Answers a login or a renewal. */
    Answer auth(long bytes, Json.Writer auth) {
        return envelope(bytes, 0, "auth", auth);
    }

    private Answer envelope(long bytes, long leaseSeconds, String member, Json.Writer content) {
        exchange().reserve(bytes + OVERHEAD_BYTES);
        return new Answer(
                200,
                () -> exchange().write(200, JSON, Json.write((int) bytes + OVERHEAD_BYTES, json -> {
                    json.writeStartObject();
                    json.writeStringField("request_id", origin().requestId());
                    json.writeStringField("lease_id", "");
                    json.writeBooleanField("renewable", false);
                    json.writeNumberField("lease_duration", leaseSeconds);
                    for (String name : MEMBERS) {
                        json.writeFieldName(name);
                        if (name.equals(member)) {
                            content.write(json);
                        } else {
                            json.writeNull();
                        }
                    }
                    json.writeEndObject();
                })));
    }

    /** Answers without a body. */
    Answer nothing() {
        return new Answer(204, () -> exchange().writeNothing(204));
    }

    @Override
    public void refuse(Fault fault) {
        refuse(fault, VaultErrors.status(fault), JSON, VaultErrors.body(fault));
    }
}
