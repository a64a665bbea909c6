package dev.postern.caller.podtoken;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.postern.caller.TokenVerifier;
import dev.postern.concurrent.DaemonThreads;
import dev.postern.config.FileSetting;
import dev.postern.config.UrlSetting;
import dev.postern.watch.FileWatch;
import dev.postern.watch.Fingerprint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
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

/** Pods' tokens as a method: its parts, made of the settings, and their threads. */
public final class PodTokenMethod implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PodTokenMethod.class);
    private static final String SETTINGS = "postern.auth.pod-token.";
    private static final Path CLUSTER_CA = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt");
    private static final String JWKS_PATH = "/openid/v1/jwks";

    private static final Duration MIN_FETCH_INTERVAL = Duration.ofSeconds(1);

    private final PodTokenConfig config;
    private final ScheduledExecutorService requests =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("postern-pod-token-requests"));
    private final ExecutorService signatures =
            Executors.newSingleThreadExecutor(DaemonThreads.named("postern-pod-token-signatures"));
    private final OwnToken ownToken;
    private final URI apiServer;
    private final PodTokens tokens;
    private @Nullable SigningKeys keys;

    /**
     * Makes the parts and, unless the API server validators, starts to fetch the issuer's keys.
     *
     * @throws IllegalArgumentException if a setting is missing or makes no sense; the message names it
     */
    public PodTokenMethod(PodTokenConfig config, FileWatch watch, InstantSource clock, Ticker ticker) {
        this(config, watch, clock, ticker, MIN_FETCH_INTERVAL);
    }

    PodTokenMethod(
            PodTokenConfig config, FileWatch watch, InstantSource clock, Ticker ticker, Duration minFetchInterval) {
        this.config = config;
        this.ownToken = new OwnToken(FileSetting.of(SETTINGS + "own-token", config.ownToken()));
        this.apiServer = url("api-server", config.apiServer());
        if (config.audience().isBlank()) {
            throw new IllegalArgumentException(SETTINGS + "audience: it is empty");
        }
        if (config.podUid().isEmpty()) {
            LOG.warn(SETTINGS + "pod-uid (POD_UID) is not set: a token of any pod is accepted");
        }
        ExpectedClaims expected =
                new ExpectedClaims(config.audience(), config.podUid().orElse(null), clock);
        TokenValidator validate = config.mode() == PodTokenConfig.Mode.TOKENREVIEW
                ? reviews(expected, ticker)
                : offline(expected, watch, minFetchInterval);
        this.tokens = new PodTokens(validate, clock);
        if (keys != null) {
            keys.onFetched(tokens::review);
            keys.start(config.jwksRefresh());
        }
    }

    private TokenValidator reviews(ExpectedClaims expected, Ticker ticker) {
        if (ownToken.read().isEmpty()) {
            throw new IllegalArgumentException(ownToken.file().problem("must hold a token"));
        }
        return new ReviewValidator(http(true), apiServer, ownToken, expected, config.reviewTtl(), ticker);
    }

    private TokenValidator offline(ExpectedClaims expected, FileWatch watch, Duration minFetchInterval) {
        String place = config.jwks().orElse("");
        boolean isFile = !place.isEmpty() && !place.contains("://");
        SigningKeys found = new SigningKeys(isFile ? file(Path.of(place)) : server(place), requests, minFetchInterval);
        if (isFile) {
            watch.add(() -> Fingerprint.of(Path.of(place)), found::fetch);
        }
        keys = found;
        return new OfflineValidator(found, expected, signatures);
    }

    private Supplier<CompletionStage<Keys>> file(Path file) {
        String issuer = issuer().orElseThrow(PodTokenMethod::noIssuer);
        try {
            KeySource.keysIn(file);
        } catch (Keys.UnusableKeysException e) {
            throw new IllegalArgumentException(SETTINGS + "jwks: " + file + ": " + e.getMessage(), e);
        }
        return KeySource.file(file, issuer);
    }

    private Supplier<CompletionStage<Keys>> server(String place) {
        boolean isApiServer = place.isEmpty();
        if (!isApiServer && issuer().isEmpty()) {
            throw noIssuer();
        }
        URI jwks = isApiServer ? apiServer.resolve(JWKS_PATH) : url("jwks", place);
        return KeySource.server(http(isApiServer), jwks, this::issuer, apiServer, ownToken);
    }

    private Optional<String> issuer() {
        return config.issuer().or(ownToken::issuer);
    }

    private static IllegalArgumentException noIssuer() {
        return new IllegalArgumentException(
                SETTINGS + "issuer: it is not set, and there is no token of our own that names one");
    }

    private Http http(boolean isApiServer) {
        Optional<Path> caFile = config.caFile()
                .map(Path::of)
                .or(() -> Optional.of(CLUSTER_CA).filter(file -> isApiServer && Files.exists(file)));
        try {
            return new Http(caFile, config.timeout(), requests);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    SETTINGS + "ca-file: " + caFile.orElseThrow() + " cannot be read as certificates", e);
        }
    }

    private static URI url(String setting, String value) {
        return UrlSetting.httpsOrLoopback(SETTINGS + setting, value);
    }

    /** The validate of pods' tokens. */
    public TokenVerifier verifier() {
        return tokens;
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
