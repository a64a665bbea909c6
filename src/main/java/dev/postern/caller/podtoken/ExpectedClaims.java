package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Refusals.because;

import dev.postern.caller.AuthenticationException.Reason;
import dev.postern.caller.podtoken.TokenValidator.VerifiedToken;
import java.security.Key;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jspecify.annotations.Nullable;

/**
 * What a token must say to be accepted (<a
 * href="https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/">the claims of a bound
 * token</a>).
 *
 * @param audience for whom it must be meant
 * @param podUid the pod that it must belong to, or null if it may be any
 */
record ExpectedClaims(String audience, @Nullable String podUid, InstantSource clock) {
    /** How far clocks may differ. */
    static final Duration LEEWAY = Duration.ofSeconds(30);
    /** A verified is renewed once a day, however long the token lives. */
    private static final long MAX_SECONDS = Duration.ofDays(1).toSeconds();

    /**
     * Who holds a token.
     *
     * @param payload the token's claims, whose signature is verified
     * @param issuer who must have issued it
     * @throws dev.postern.caller.AuthenticationException if it is not acceptable
     */
    VerifiedToken check(String payload, String issuer, Key key) {
        try {
            return check(JwtClaims.parse(payload), issuer, key);
        } catch (InvalidJwtException | MalformedClaimException e) {
            throw because(Reason.MALFORMED);
        }
    }

    private VerifiedToken check(JwtClaims claims, String issuer, Key key) throws MalformedClaimException {
        if (!issuer.equals(claims.getIssuer())) {
            throw because(Reason.ISSUER);
        }
        if (!claims.hasAudience() || !claims.getAudience().contains(audience)) {
            throw because(Reason.AUDIENCE);
        }
        long now = clock.instant().getEpochSecond();
        NumericDate expiry = claims.getExpirationTime();
        if (expiry == null) {
            throw because(Reason.MALFORMED);
        }
        if (expiry.getValue() <= now - LEEWAY.toSeconds()) {
            throw because(Reason.EXPIRED);
        }
        NumericDate start = claims.getNotBefore();
        if (start != null && start.getValue() > now + LEEWAY.toSeconds()) {
            throw because(Reason.NOT_YET_VALID);
        }
        ServiceAccount account = ServiceAccount.parse(claims.getSubject());
        Map<?, ?> bound = map(claims.getClaimValue("kubernetes.io"));
        if (account == null
                || !account.namespace().equals(bound.get("namespace"))
                || !account.name().equals(map(bound.get("serviceaccount")).get("name"))) {
            throw because(Reason.SUBJECT);
        }
        checkPod(map(bound.get("pod")).get("uid"));
        long until = Math.min(expiry.getValue(), now + MAX_SECONDS) + LEEWAY.toSeconds();
        return new VerifiedToken(account.caller(), until * 1000, key);
    }

    /** @throws dev.postern.caller.AuthenticationException if the pod is not the one that it must be */
    void checkPod(@Nullable Object uid) {
        if (podUid != null && !podUid.equals(uid)) {
            throw because(Reason.POD_UID);
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
