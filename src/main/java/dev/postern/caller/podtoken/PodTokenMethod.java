package dev.postern.caller.podtoken;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.postern.caller.CredentialEvents;
import dev.postern.caller.TokenVerifier;
import dev.postern.concurrent.DaemonThreads;
import dev.postern.config.Faults;
import dev.postern.config.FileSetting;
import dev.postern.watch.FileWatch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The method of pod tokens: its parts and their threads. */
public final class PodTokenMethod implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PodTokenMethod.class);
    private static final String JWKS_PATH = "/openid/v1/jwks";

    private static final Duration MIN_FETCH_INTERVAL = Duration.ofSeconds(1);

    private final PodTokenConfig config;
    private final CredentialEvents events;
    private final ScheduledExecutorService requests =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("postern-pod-token-requests"));
    private final ExecutorService signatures =
            Executors.newSingleThreadExecutor(DaemonThreads.named("postern-pod-token-signatures"));
    private final OwnToken ownToken;
    private final URI apiServer;
    private final PodTokens tokens;
    private @Nullable SigningKeys keys;

    /**
     * Creates the parts and, unless the API server verifies tokens, starts to fetch the issuer's keys.
     *
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public PodTokenMethod(
            PodTokenConfig config, FileWatch watch, InstantSource clock, Ticker ticker, CredentialEvents events) {
        this(config, watch, clock, ticker, MIN_FETCH_INTERVAL, events);
    }

    PodTokenMethod(
            PodTokenConfig config,
            FileWatch watch,
            InstantSource clock,
            Ticker ticker,
            Duration minFetchInterval,
            CredentialEvents events) {
        Faults faults = new Faults();
        PodTokenSettings.check(config, faults);
        faults.refuse();
        this.config = config;
        this.events = events;
        this.ownToken = PodTokenSettings.ownToken(config);
        this.apiServer = PodTokenSettings.apiServer(config);
        String podUid = PodTokenSettings.podUid(config);
        if (podUid == null) {
            LOG.warn("Accepting the tokens of any pod (postern.auth.pod-token.pod-uid)");
        }
        ExpectedClaims expected = new ExpectedClaims(config.audience(), podUid, clock);
        TokenValidator validator = config.mode() == PodTokenConfig.Mode.TOKENREVIEW
                ? reviews(expected, ticker)
                : offline(expected, watch, minFetchInterval);
        this.tokens = new PodTokens(validator, clock);
        if (keys != null) {
            keys.onFetched(tokens::review);
            keys.start(config.jwksRefresh());
        }
    }

    private TokenValidator reviews(ExpectedClaims expected, Ticker ticker) {
        return new ReviewValidator(http(true), apiServer, ownToken, expected, config.reviewTtl(), ticker);
    }

    private TokenValidator offline(ExpectedClaims expected, FileWatch watch, Duration minFetchInterval) {
        Path file = PodTokenSettings.jwksFile(config).map(FileSetting::path).orElse(null);
        SigningKeys found = new SigningKeys(file == null ? server() : file(file), requests, minFetchInterval, events);
        if (file != null) {
            watch.add(file, found::fetch);
        }
        keys = found;
        return new OfflineValidator(found, expected, signatures);
    }

    private Supplier<CompletionStage<Keys>> file(Path file) {
        return KeySource.file(file, issuer().orElseThrow());
    }

    private Supplier<CompletionStage<Keys>> server() {
        URI jwks = PodTokenSettings.jwksUrl(config).orElse(null);
        URI place = jwks == null ? apiServer.resolve(JWKS_PATH) : jwks;
        return KeySource.server(http(jwks == null), place, this::issuer, apiServer, ownToken);
    }

    private Optional<String> issuer() {
        return config.issuer().or(ownToken::issuer);
    }

    private Http http(boolean isApiServer) {
        Optional<Path> caFile = PodTokenSettings.caFile(config, isApiServer);
        try {
            return new Http(caFile, config.timeout(), requests, events);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(caFile.orElseThrow() + " must hold certificates in PEM", e);
        }
    }

    /** The verifier of pod tokens. */
    public TokenVerifier verifier() {
        return tokens;
    }

    /** Whether fetching the signing keys is overdue. Does not block. */
    public boolean isSilent() {
        SigningKeys now = keys;
        return now != null && now.isSilent();
    }

    PodTokens tokens() {
        return tokens;
    }

    @Nullable
    SigningKeys keys() {
        return keys;
    }

    OwnToken ownToken() {
        return ownToken;
    }

    @Override
    public void close() {
        requests.shutdownNow();
        signatures.shutdownNow();
    }
}
