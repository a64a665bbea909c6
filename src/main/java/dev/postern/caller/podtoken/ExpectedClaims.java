package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Refusals.because;

import dev.postern.caller.AuthenticationException.Reason;
import dev.postern.caller.podtoken.TokenValidator.VerifiedToken;
import java.security.Key;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jspecify.annotations.Nullable;

/**
 * The claims that a token must have (<a
 * href="https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/">the claims of a bound
 * token</a>).
 *
 * @param audience the audience that it must have
 * @param podUid the pod that it must belong to, or null for any
 */
record ExpectedClaims(String audience, @Nullable String podUid, InstantSource clock) {
    /** How much clocks may differ. */
    static final Duration LEEWAY = Duration.ofSeconds(30);
    /** A token is verified again once a day, however long it lives. */
    private static final long MAX_SECONDS = Duration.ofDays(1).toSeconds();

    /** Anything else is malformed. */
    private static final Map<Integer, Reason> REASONS = Map.of(
            ErrorCodes.ISSUER_MISSING, Reason.ISSUER,
            ErrorCodes.ISSUER_INVALID, Reason.ISSUER,
            ErrorCodes.AUDIENCE_MISSING, Reason.AUDIENCE,
            ErrorCodes.AUDIENCE_INVALID, Reason.AUDIENCE,
            ErrorCodes.EXPIRED, Reason.EXPIRED,
            ErrorCodes.NOT_YET_VALID, Reason.NOT_YET_VALID);

    /**
     * The holder of a token.
     *
     * @param payload the token's claims, after its signature is verified
     * @param issuer the issuer that it must have
     * @throws dev.postern.caller.AuthenticationException if it is not acceptable
     */
    VerifiedToken check(String payload, String issuer, Key key) {
        try {
            JwtClaims claims = JwtClaims.parse(payload);
            consumer(issuer).processContext(new JwtContext(claims, List.of()));
            return holder(claims, key);
        } catch (InvalidJwtException e) {
            throw because(REASONS.entrySet().stream()
                    .filter(reason -> e.hasErrorCode(reason.getKey()))
                    .map(Map.Entry::getValue)
                    .min(Comparator.naturalOrder())
                    .orElse(Reason.MALFORMED));
        } catch (MalformedClaimException e) {
            throw because(Reason.MALFORMED);
        }
    }

    private JwtConsumer consumer(String issuer) {
        return new JwtConsumerBuilder()
                .setDisableRequireSignature()
                .setExpectedIssuer(issuer)
                .setExpectedAudience(audience)
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds((int) LEEWAY.toSeconds())
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .build();
    }

    private VerifiedToken holder(JwtClaims claims, Key key) throws MalformedClaimException {
        ServiceAccount account = ServiceAccount.parse(claims.getSubject());
        Map<?, ?> bound = map(claims.getClaimValue("kubernetes.io"));
        if (account == null
                || !account.namespace().equals(bound.get("namespace"))
                || !account.name().equals(map(bound.get("serviceaccount")).get("name"))) {
            throw because(Reason.SUBJECT);
        }
        checkPod(map(bound.get("pod")).get("uid"));
        long now = clock.instant().getEpochSecond();
        long until = Math.min(claims.getExpirationTime().getValue(), now + MAX_SECONDS) + LEEWAY.toSeconds();
        return new VerifiedToken(account.caller(), until * 1000, key);
    }

    /** @throws dev.postern.caller.AuthenticationException if it is another pod */
    void checkPod(@Nullable Object uid) {
        if (podUid != null && !podUid.equals(uid)) {
            throw because(Reason.POD_UID);
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
