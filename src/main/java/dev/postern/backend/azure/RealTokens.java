package dev.postern.backend.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import dev.postern.backend.BackendUnavailableException;
import reactor.core.publisher.Mono;

/** Rejects the {@code null} token that the SDK returns if the JSON of a login response holds none. */
final class RealTokens implements TokenCredential {
    private final TokenCredential credential;

    RealTokens(TokenCredential credential) {
        this.credential = credential;
    }

    @Override
    public Mono<AccessToken> getToken(TokenRequestContext request) {
        return credential.getToken(request).map(RealTokens::real);
    }

    /** @throws BackendUnavailableException if the response holds no token */
    @Override
    public AccessToken getTokenSync(TokenRequestContext request) {
        return real(credential.getTokenSync(request));
    }

    private static AccessToken real(AccessToken token) {
        if (token.getToken() == null || token.getToken().isEmpty()) {
            throw new BackendUnavailableException(AzureFaults.NO_TOKEN);
        }
        return token;
    }
}
