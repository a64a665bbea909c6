package dev.postern.caller.podtoken;

import static java.util.Objects.requireNonNull;

import dev.postern.caller.CredentialEvents;
import dev.postern.caller.CredentialEvents.Credential;
import dev.postern.net.BoundedBody;
import dev.postern.net.CaFile;
import dev.postern.watch.Fingerprint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client for the API server or the key server. It follows no redirects, because its requests carry a token. It
 * trusts only the CA file, if there is one, and reads it again when it changes.
 */
final class Http {
    /** Keys have their own media type, and Kubernetes' API server answers 406 unless it is accepted. */
    private static final String MEDIA_TYPES = "application/json, application/jwk-set+json";

    private static final Logger LOG = Logger.getLogger(Http.class);
    private static final int MAX_BODY = 256 << 10;

    private final Optional<Path> caFile;
    private final Duration timeout;
    private final Executor thread;
    private final CredentialEvents events;
    private @Nullable Fingerprint seen;
    private @Nullable Fingerprint refused;
    private @Nullable String trusted;
    private @Nullable HttpClient client;

    /**
     * @param timeout the time limit of a whole exchange
     * @param thread resolves names and assembles answers
     * @param events hears of other content of the CA file
     * @throws IOException if the CA file cannot be read
     * @throws GeneralSecurityException if it has no certificate
     */
    Http(Optional<Path> caFile, Duration timeout, Executor thread, CredentialEvents events)
            throws IOException, GeneralSecurityException {
        this.caFile = caFile;
        this.timeout = timeout;
        this.thread = thread;
        this.events = events;
        this.client = make();
    }

    /**
     * Sends a request. Does not block.
     *
     * @return the body of an answer with a status of 200 to 299, or a failure: {@link IOException} and the like
     */
    CompletionStage<String> send(HttpRequest.Builder request) {
        HttpRequest complete = request.timeout(timeout).build();
        CompletableFuture<CompletableFuture<HttpResponse<byte[]>>> sent = CompletableFuture.supplyAsync(
                () -> client().sendAsync(complete, info -> new BoundedBody(MAX_BODY)), thread);
        return sent.thenCompose(Function.identity())
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        sent.thenAccept(exchange -> exchange.cancel(true));
                    }
                })
                .thenApply(Http::body);
    }

    private static String body(HttpResponse<byte[]> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new CompletionException(new UnexpectedStatusException(answer.statusCode()));
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    static HttpRequest.Builder get(URI uri, Optional<String> bearer) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", MEDIA_TYPES);
        bearer.ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request;
    }

    private synchronized HttpClient client() {
        HttpClient known = client;
        if (known == null
                || caFile.map(Fingerprint::of).filter(now -> !now.equals(seen)).isPresent()) {
            try {
                known = make();
                client = known;
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                tellRefused(Fingerprint.of(caFile.orElseThrow()));
                LOG.warnf("Cannot read certificates from %s: keeping the previous ones", caFile.orElseThrow());
            }
        }
        return requireNonNull(known);
    }

    private HttpClient make() throws IOException, GeneralSecurityException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .executor(thread);
        if (caFile.isPresent()) {
            Fingerprint now = Fingerprint.of(caFile.get());
            builder.sslContext(CaFile.trusting(caFile.get()));
            String next = CaFile.fingerprint(caFile.get());
            if (trusted != null && !trusted.equals(next)) {
                events.replaced(Credential.CA_FILE, trusted, next);
            }
            trusted = next;
            seen = now;
        }
        return builder.build();
    }

    /** Once for each state of the file, because it is looked at for every request. */
    private void tellRefused(Fingerprint now) {
        if (!now.equals(refused)) {
            refused = now;
            events.refused(Credential.CA_FILE, "unusable");
        }
    }

    /** What went wrong, without any words of the other side. */
    static String describe(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof UnexpectedStatusException || cause instanceof Keys.UnusableKeysException) {
            return String.valueOf(cause.getMessage());
        }
        return cause instanceof TimeoutException
                ? "no answer in time"
                : cause.getClass().getSimpleName();
    }

    /** An answer with an error status. */
    static final class UnexpectedStatusException extends IOException {
        UnexpectedStatusException(int status) {
            super("status " + status);
        }
    }
}
