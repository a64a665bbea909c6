package dev.postern.caller.podtoken;

import dev.postern.caller.podtoken.Keys.UnusableKeysException;
import dev.postern.config.FileSetting;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** Where keys come from, together with the name of their issuer. */
final class KeySource {
    private static final int MAX_FILE_BYTES = 256 << 10;

    private KeySource() {}

    /**
     * Keys in a file.
     *
     * @param issuer the issuer's name
     */
    static Supplier<CompletionStage<Keys>> file(Path file, String issuer) {
        return () -> CompletableFuture.completedStage(new Keys(keysIn(file), issuer));
    }

    /** @throws UnusableKeysException if the file cannot be read or has no keys */
    static Map<String, PublicJsonWebKey> keysIn(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new UnusableKeysException("it is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return Keys.parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UnusableKeysException("it " + FileSetting.reason(e));
        }
    }

    /**
     * Keys published by the API server or another server.
     *
     * @param issuer the issuer's name, if it is configured
     * @param apiServer the server that receives Postern's own token, and whose discovery document names the issuer
     *     otherwise
     */
    static Supplier<CompletionStage<Keys>> server(
            Http http, URI jwks, Supplier<Optional<String>> issuer, URI apiServer, OwnToken ownToken) {
        return () -> {
            CompletionStage<Map<String, PublicJsonWebKey>> keys =
                    get(http, jwks, apiServer, ownToken).thenApply(Keys::parse);
            CompletionStage<String> name = issuer.get()
                    .<CompletionStage<String>>map(CompletableFuture::completedStage)
                    .orElseGet(
                            () -> get(http, apiServer.resolve("/.well-known/openid-configuration"), apiServer, ownToken)
                                    .thenApply(KeySource::issuer));
            return keys.thenCombine(name, Keys::new);
        };
    }

    private static CompletionStage<String> get(Http http, URI uri, URI apiServer, OwnToken ownToken) {
        return http.send(Http.get(uri, isSameOrigin(uri, apiServer) ? ownToken.read() : Optional.empty()));
    }

    /** Postern's own token is sent to the API server only. */
    private static boolean isSameOrigin(URI one, URI other) {
        return one.getScheme().equals(other.getScheme()) && one.getAuthority().equals(other.getAuthority());
    }

    private static String issuer(String discovery) {
        try {
            if (JsonUtil.parseJson(discovery).get("issuer") instanceof String issuer && !issuer.isEmpty()) {
                return issuer;
            }
        } catch (JoseException | RuntimeException e) {
            // told below
        }
        throw new CompletionException(new UnusableKeysException("the discovery document names no issuer"));
    }
}
