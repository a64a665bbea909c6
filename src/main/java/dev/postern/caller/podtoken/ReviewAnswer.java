package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Refusals.because;

import dev.postern.caller.AuthenticationException.Reason;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes a <a
 * href="https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/">TokenReview</a>.
 */
final class ReviewAnswer {
    private static final String VERSION = "authentication.k8s.io/v1";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";

    private ReviewAnswer() {}

    static String question(String token, String audience) {
        return JsonUtil.toJson(Map.of(
                "apiVersion",
                VERSION,
                "kind",
                "TokenReview",
                "spec",
                Map.of("token", token, "audiences", List.of(audience))));
    }

    /**
     * The holder of the token.
     *
     * @throws dev.postern.caller.AuthenticationException if it is not accepted, or the answer is unusable
     */
    static ServiceAccount read(String json, ExpectedClaims expected) {
        Map<?, ?> status = status(json);
        if (!Boolean.TRUE.equals(status.get("authenticated"))) {
            throw because(Reason.REJECTED);
        }
        // A server that knows nothing of audiences says that every token is good.
        if (!(status.get("audiences") instanceof List<?> audiences) || !audiences.contains(expected.audience())) {
            throw because(Reason.AUDIENCE);
        }
        Map<?, ?> user = map(status.get("user"));
        ServiceAccount account = ServiceAccount.parse(user.get("username") instanceof String name ? name : null);
        if (account == null) {
            throw because(Reason.SUBJECT);
        }
        Object uid = map(user.get("extra")).get(POD_UID);
        expected.checkPod(uid instanceof List<?> values && values.size() == 1 ? values.get(0) : null);
        return account;
    }

    private static Map<?, ?> status(String json) {
        try {
            Map<String, Object> answer = JsonUtil.parseJson(json);
            if (VERSION.equals(answer.get("apiVersion"))
                    && "TokenReview".equals(answer.get("kind"))
                    && answer.get("status") instanceof Map<?, ?> status) {
                return status;
            }
        } catch (JoseException | RuntimeException e) {
            // told below
        }
        throw because(Reason.UNAVAILABLE);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
