package dev.postern.caller.podtoken;

import dev.postern.config.Faults;
import dev.postern.config.FileSetting;
import dev.postern.config.FileSetting.UnusableFileException;
import dev.postern.config.UrlSetting;
import dev.postern.net.CaFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Validates and evaluates the settings under {@code postern.auth.pod-token}. */
public final class PodTokenSettings {
    private static final String PREFIX = "postern.auth.pod-token.";
    private static final String POD_UID = PREFIX + "pod-uid (POD_UID)";
    /** Accepts every pod, which must be explicit. */
    private static final String ANY_POD = "any";

    private static final Path CLUSTER_CA = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt");
    private static final Duration MIN_TIME = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration MIN_REFRESH = Duration.ofSeconds(1);
    private static final Duration MAX_REFRESH = Duration.ofDays(30);

    private PodTokenSettings() {}

    /** Adds faults. Reads files, but calls no server. */
    public static void check(PodTokenConfig config, Faults faults) {
        faults.time(PREFIX + "timeout", config.timeout(), MIN_TIME, MAX_TIMEOUT);
        faults.time(PREFIX + "jwks-refresh", config.jwksRefresh(), MIN_REFRESH, MAX_REFRESH);
        faults.time(PREFIX + "review-ttl", config.reviewTtl(), MIN_TIME, MAX_TIMEOUT);
        if (config.audience().isBlank()) {
            faults.add(PREFIX + "audience: must not be empty");
        }
        faults.check(() -> podUid(config));
        faults.check(() -> apiServer(config));
        faults.check(() -> ownToken(config));
        faults.check(() -> caFile(config, true));
        if (config.mode() == PodTokenConfig.Mode.TOKENREVIEW) {
            faults.check(() -> requireOwnToken(config));
        } else {
            faults.check(() -> checkKeys(config));
        }
    }

    private static void requireOwnToken(PodTokenConfig config) {
        try {
            ownToken(config).require();
        } catch (UnusableFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static void checkKeys(PodTokenConfig config) {
        if (config.jwks().isPresent() && issuer(config).isEmpty()) {
            throw new IllegalArgumentException(
                    PREFIX + "issuer: must be set, because no token of Postern's own names one");
        }
        Optional<FileSetting> file = jwksFile(config);
        if (file.isPresent()) {
            try {
                KeySource.keysIn(file.get().path());
            } catch (Keys.UnusableKeysException e) {
                throw new IllegalArgumentException(
                        file.get().problem("must hold a JSON Web Key Set: " + e.getMessage()), e);
            }
        } else {
            jwksUrl(config);
        }
    }

    /** The pod that a token must belong to, or null for any. */
    static @Nullable String podUid(PodTokenConfig config) {
        String uid = config.podUid().map(String::strip).orElse("");
        if (uid.isEmpty()) {
            throw new IllegalArgumentException(
                    POD_UID + ": must be the UID of the pod, or \"any\" to accept tokens of every pod");
        }
        return uid.equals(ANY_POD) ? null : uid;
    }

    static URI apiServer(PodTokenConfig config) {
        return UrlSetting.httpsOrLoopback(PREFIX + "api-server", config.apiServer());
    }

    /** The URL of a key server other than the API server, if there is one. */
    static Optional<URI> jwksUrl(PodTokenConfig config) {
        return config.jwks()
                .filter(place -> place.contains("://"))
                .map(place -> UrlSetting.httpsOrLoopback(PREFIX + "jwks", place));
    }

    static Optional<FileSetting> jwksFile(PodTokenConfig config) {
        return config.jwks()
                .filter(place -> !place.contains("://"))
                .map(place -> FileSetting.of(PREFIX + "jwks", place));
    }

    static OwnToken ownToken(PodTokenConfig config) {
        return new OwnToken(FileSetting.of(PREFIX + "own-token", config.ownToken()));
    }

    private static Optional<String> issuer(PodTokenConfig config) {
        return config.issuer().or(ownToken(config)::issuer);
    }

    /**
     * The CA file for a server, or nothing for the JVM's own certificates.
     *
     * @param isApiServer whether the server is the API server
     */
    static Optional<Path> caFile(PodTokenConfig config, boolean isApiServer) {
        Optional<FileSetting> setting = config.caFile().map(file -> FileSetting.of(PREFIX + "ca-file", file));
        setting.ifPresent(PodTokenSettings::checkCertificates);
        return setting.map(FileSetting::path)
                .or(() -> Optional.of(CLUSTER_CA).filter(file -> isApiServer && Files.exists(file)));
    }

    private static void checkCertificates(FileSetting file) {
        try {
            CaFile.trusting(file.path());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(file.problem("must hold certificates in PEM"), e);
        }
    }
}
