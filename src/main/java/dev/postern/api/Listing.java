package dev.postern.api;

import dev.postern.access.Access;
import dev.postern.access.Answer;
import dev.postern.access.FaultException;
import dev.postern.access.Inquiry;
import dev.postern.api.listener.HttpExchange;
import dev.postern.api.media.Json;
import dev.postern.api.media.MediaTypes;
import dev.postern.api.media.MediaTypes.Representation;
import dev.postern.secret.SecretName;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** {@code /secrets}: lists the names of the aliases that the caller may read. */
class Listing extends SecretsRequest {
    private static final int NAME_BYTES = 64;

    private final Inquiry inquiry;

    Listing(HttpExchange exchange, String challenge) {
        super(exchange, challenge);
        Inquiry list = Inquiry.list();
        try {
            MediaTypes.choose(fields(HttpHeaders.ACCEPT), List.of(Representation.JSON));
        } catch (FaultException e) {
            list = list.invalid(e.fault());
        }
        this.inquiry = list;
    }

    @Override
    public Inquiry inquiry() {
        return inquiry;
    }

    @Override
    public Answer answer(Access access) {
        List<SecretName> names = access.names();
        exchange().reserve((long) names.size() * NAME_BYTES);
        return new Answer(200, () -> write(200, Representation.JSON.contentType(), body(names)));
    }

    private static Buffer body(List<SecretName> names) {
        return Json.write(names.size() * NAME_BYTES, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("names");
            for (SecretName name : names) {
                json.writeString(name.value());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
