package dev.postern.api;

import static java.util.Objects.requireNonNull;

import dev.postern.access.Access;
import dev.postern.access.Answer;
import dev.postern.access.Fault;
import dev.postern.access.FaultException;
import dev.postern.access.Inquiry;
import dev.postern.access.Read;
import dev.postern.api.listener.HttpExchange;
import dev.postern.api.media.MediaTypes;
import dev.postern.api.media.MediaTypes.Representation;
import dev.postern.api.problem.Problem;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /secrets?name=A&name=B}: each secret is authorized, read and audited separately. */
final class BulkRead extends SecretsRequest {
    private static final List<Representation> OFFERS =
            List.of(Representation.JSON, Representation.DOTENV, Representation.SHELL, Representation.DOCKER_ENV);

    private final Inquiry inquiry;
    private @Nullable BulkBody body;

    BulkRead(HttpExchange exchange, String challenge, String query) {
        super(exchange, challenge);
        this.inquiry = inquiry(query);
    }

    private Inquiry inquiry(String query) {
        Inquiry read = Inquiry.read(List.of());
        try {
            Map<String, SecretRef> names = BulkQuery.parse(query);
            read = Inquiry.read(List.copyOf(names.values()));
            body = BulkBody.of(
                    MediaTypes.choose(fields(HttpHeaders.ACCEPT), OFFERS),
                    List.copyOf(names.keySet()),
                    read.asked(),
                    origin().requestId());
            return read;
        } catch (InvalidReferenceException e) {
            return read.invalid(Fault.of(e));
        } catch (FaultException e) {
            return read.invalid(e.fault());
        }
    }

    @Override
    public Inquiry inquiry() {
        return inquiry;
    }

    @Override
    public boolean isSettled(List<Read> reads) {
        return requireNonNull(body).isRefused(reads);
    }

    @Override
    public Answer answer(Access access) {
        List<Read> reads = access.reads();
        BulkBody bulk = requireNonNull(body);
        Buffer found = bulk.isRefused(reads) ? null : write(bulk, reads);
        if (found != null && !bulk.isRefused(reads)) {
            return new Answer(200, () -> write(200, bulk.contentType(), found));
        }
        Fault worst = requireNonNull(Problem.worst(reads));
        Buffer refusal = bulk.refuse(reads, worst);
        reads.stream().filter(read -> !read.isFailed()).forEach(read -> read.fail(worst.because("incomplete")));
        return new Answer(status(worst), () -> refuse(worst, bulk.refusalType(), refusal));
    }

    private Buffer write(BulkBody bulk, List<Read> reads) {
        long bytes = bulk.boundSize(reads);
        exchange().reserve(bytes);
        return bulk.write(reads, bytes);
    }
}
