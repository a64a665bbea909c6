package dev.postern.api.listener;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request before anything else is done for the request. Until it is complete, {@link Connection}
 * limits its time and its bytes like those of a head.
 */
final class RequestBody {
    private final int maxBytes;
    private final BiConsumer<@Nullable Buffer, @Nullable Fault> done;
    private final Buffer body = Buffer.buffer();
    private boolean ended;

    /** @param done receives the body, or the fault if it is larger than {@code maxBytes} */
    RequestBody(int maxBytes, BiConsumer<@Nullable Buffer, @Nullable Fault> done) {
        this.maxBytes = maxBytes;
        this.done = done;
    }

    void read(HttpServerRequest request) {
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        // If the caller disconnects, there is nobody to answer.
        request.exceptionHandler(gone -> ended = true);
        request.handler(this::add);
        request.endHandler(end -> end(body, null));
    }

    private void add(Buffer chunk) {
        if (ended) {
            return;
        }
        if (body.length() + chunk.length() > maxBytes) {
            String detail = "The body must not be larger than " + maxBytes + " bytes.";
            end(null, Fault.of(FaultCode.INVALID_REQUEST, detail).because("body-size"));
        } else {
            body.appendBuffer(chunk);
        }
    }

    private void end(@Nullable Buffer whole, @Nullable Fault fault) {
        if (!ended) {
            ended = true;
            done.accept(whole, fault);
        }
    }
}
