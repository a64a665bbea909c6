package dev.postern.api.aws;

import dev.postern.secret.Property;
import dev.postern.secret.SecretName;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import org.jspecify.annotations.Nullable;

/**
 * Secret IDs: a name or an ARN, and optionally {@code #} and a field of a JSON secret. An ARN is read as it is, because
 * it can name the secret of another account.
 */
final class AwsNames {
    private static final String IN_ARN = ":secret:";
    private static final int SUFFIX = "-abcdef".length();

    private AwsNames() {}

    /**
     * @param backend the backend that holds the secret, or null for aliases and the default backend
     * @throws dev.postern.secret.InvalidReferenceException if it is not a name
     */
    static SecretRef parse(@Nullable String backend, String id, @Nullable Version version) {
        int hash = id.indexOf('#');
        Property property = hash < 0 ? null : Property.parse(id.substring(hash + 1));
        return new SecretRef(backend, new SecretName(hash < 0 ? id : id.substring(0, hash)), property, version);
    }

    /** The name in answers: of an ARN, the part without the random suffix. */
    static String name(SecretRef asked) {
        String name = asked.name().value();
        int at = name.startsWith("arn:") ? name.indexOf(IN_ARN) : -1;
        if (at < 0) {
            return name;
        }
        String own = name.substring(at + IN_ARN.length());
        boolean suffixed = own.length() > SUFFIX && own.charAt(own.length() - SUFFIX) == '-';
        return suffixed ? own.substring(0, own.length() - SUFFIX) : own;
    }

    /** The manager's own ARN, or one that no account has. */
    static String arn(SecretRef asked, @Nullable String resourceName) {
        return resourceName != null && resourceName.startsWith("arn:")
                ? resourceName
                : "arn:aws:secretsmanager:us-east-1:000000000000:secret:" + name(asked) + "-postrn";
    }
}
