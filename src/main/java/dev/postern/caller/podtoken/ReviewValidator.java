package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Refusals.because;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.postern.caller.AuthenticationException;
import dev.postern.caller.AuthenticationException.Reason;
import dev.postern.concurrent.Bulkhead;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has the API server validate tokens. It knows deleted pods, and its verdicts are remembered for a short time only.
 *
 * <p>Tokens that were valid before do not queue behind unknown ones, so that bad tokens do not delay them. A refusal is
 * remembered as briefly.
 */
final class ReviewValidator implements TokenValidator {
    private static final Logger LOG = Logger.getLogger(ReviewValidator.class);
    private static final int WIDTH = 8;
    private static final int MAX_WAITING = 128;
    private static final int REMEMBERED_REFUSALS = 1000;

    private final Http http;
    private final URI address;
    private final OwnToken ownToken;
    private final ExpectedClaims expected;
    private final Duration remembered;
    private final Bulkhead<String> known = new Bulkhead<>(WIDTH, MAX_WAITING);
    private final Bulkhead<String> unknown = new Bulkhead<>(WIDTH, MAX_WAITING);
    private final Cache<Digest, AuthenticationException> refusals;
    private volatile boolean failing;

    /**
     * @param apiServer the API server's address
     * @param remembered how long a verdict is remembered
     */
    ReviewValidator(
            Http http, URI apiServer, OwnToken ownToken, ExpectedClaims expected, Duration remembered, Ticker ticker) {
        this.http = http;
        this.address = apiServer.resolve("/apis/authentication.k8s.io/v1/tokenreviews");
        this.ownToken = ownToken;
        this.expected = expected;
        this.remembered = remembered;
        this.refusals = Caffeine.newBuilder()
                .maximumSize(REMEMBERED_REFUSALS)
                .expireAfterWrite(remembered)
                .executor(Runnable::run)
                .ticker(ticker)
                .build();
    }

    @Override
    public CompletionStage<VerifiedToken> validate(String token, Digest digest, boolean goodBefore) {
        if (!SignedToken.hasForm(token)) {
            return CompletableFuture.failedStage(because(Reason.MALFORMED));
        }
        AuthenticationException refusal = refusals.getIfPresent(digest);
        if (refusal != null) {
            return CompletableFuture.failedStage(refusal);
        }
        return (goodBefore ? known : unknown).call(() -> ask(token)).handle((answer, failure) -> {
            if (failure != null) {
                throw because(Reason.UNAVAILABLE);
            }
            try {
                ServiceAccount account = ReviewAnswer.read(answer, expected);
                long until = expected.clock().millis() + remembered.toMillis();
                return new VerifiedToken(account.caller(), until, null);
            } catch (AuthenticationException e) {
                if (!e.isUnavailable()) {
                    refusals.put(digest, e);
                }
                throw e;
            }
        });
    }

    private CompletionStage<String> ask(String token) {
        HttpRequest.Builder request = Http.get(address, ownToken.read())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ReviewAnswer.question(token, expected.audience())));
        return http.send(request).whenComplete((answer, failure) -> tell(failure));
    }

    private void tell(@Nullable Throwable failure) {
        if (failure == null && failing) {
            LOG.info("The API server reviews tokens again");
        } else if (failure != null && !failing) {
            LOG.warnf("The API server does not review tokens: %s", Http.describe(failure));
        }
        failing = failure != null;
    }
}
