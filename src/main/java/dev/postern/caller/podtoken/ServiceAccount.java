package dev.postern.caller.podtoken;

import dev.postern.caller.Authenticator;
import dev.postern.caller.Caller;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes service account.
 *
 * @param namespace a DNS label
 * @param name a DNS subdomain
 */
record ServiceAccount(String namespace, String name) {
    private static final String LABEL = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern USERNAME =
            Pattern.compile("system:serviceaccount:(" + LABEL + "):(" + LABEL + "(?:\\." + LABEL + ")*)");
    private static final int MAX_USERNAME = 22 + 63 + 1 + 253;

    /** The account with a user name, or null if it is not a service account's. */
    static @Nullable ServiceAccount parse(@Nullable String username) {
        if (username == null || username.length() > MAX_USERNAME) {
            return null;
        }
        Matcher parts = USERNAME.matcher(username);
        return parts.matches() ? new ServiceAccount(parts.group(1), parts.group(2)) : null;
    }

    Caller caller() {
        return new Caller("system:serviceaccount:" + namespace + ":" + name, Authenticator.POD_TOKEN);
    }
}
