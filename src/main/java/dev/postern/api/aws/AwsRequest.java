package dev.postern.api.aws;

import dev.postern.access.Access;
import dev.postern.access.Answer;
import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.Inquiry;
import dev.postern.api.HttpAccess;
import dev.postern.api.listener.HttpExchange;
import dev.postern.api.media.Json;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of a client of AWS Secrets Manager. */
final class AwsRequest extends HttpAccess {
    /** The headers of an SDK that have the caller's token: the session token of its credentials. */
    static final List<String> SESSION = List.of("X-Amz-Security-Token");

    /** Those of the agent's clients. */
    static final List<String> AGENT = List.of("X-Aws-Parameters-Secrets-Token", "X-Vault-Token");

    /** Those of an SDK that asks for credentials. */
    static final List<String> CONTAINER = List.of("Authorization");

    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-amzn-RequestId");
    private static final CharSequence ERROR_TYPE = HttpHeaders.createOptimized("x-amzn-ErrorType");
    private static final int OVERHEAD_BYTES = 1024;

    private final List<String> proofs;
    private final AwsWords words;
    private final Inquiry inquiry;
    private final Rendering rendering;

    /** Makes the answer to an access that succeeded. */
    interface Rendering {
        /** @throws dev.postern.access.FaultException if there is no answer */
        Answer answer(AwsRequest request, Access access);
    }

    /** @param proofs the headers that may have the caller's token, the first that is present counts */
    AwsRequest(HttpExchange exchange, List<String> proofs, AwsWords words, Inquiry inquiry, Rendering rendering) {
        super(exchange);
        this.proofs = proofs;
        this.words = words;
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
        boolean ambiguous = proofs.stream().anyMatch(name -> fields(name).size() > 1);
        return refusal == null && ambiguous
                ? Fault.of(FaultCode.INVALID_REQUEST, "The request must have at most one token.")
                : refusal;
    }

    @Override
    public @Nullable String authorization() {
        for (String name : proofs) {
            String token = exchange().request().getHeader(name);
            if (token != null) {
                return token.startsWith(BEARER) ? token : BEARER + token;
            }
        }
        return null;
    }

    @Override
    public Answer answer(Access access) {
        return rendering.answer(this, access);
    }

    /** @param bytes about the size of the values in it */
    Answer json(long bytes, String contentType, Json.Writer body) {
        exchange().reserve(bytes + OVERHEAD_BYTES);
        return new Answer(200, () -> {
            exchange().headers().set(REQUEST_ID, origin().requestId());
            exchange().write(200, contentType, Json.write((int) bytes + OVERHEAD_BYTES, body));
        });
    }

    @Override
    public void refuse(Fault fault) {
        AwsWords.Refusal refusal = words.refusal(fault);
        exchange().headers().set(REQUEST_ID, origin().requestId());
        if (refusal.error() != null) {
            exchange().headers().set(ERROR_TYPE, refusal.error());
        }
        refuse(fault, refusal.status(), refusal.contentType(), refusal.body());
    }
}
