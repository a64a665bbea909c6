package dev.postern.backend.aws;

import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.SecretName;
import java.util.regex.Pattern;

/**
 * Names in Secrets Manager's own alphabet, or ARNs, with or without the six characters at the end.
 *
 * <p>Secrets Manager takes slashes anywhere, a {@link SecretName} between segments only. A segment {@code ~}, which is
 * not in the alphabet, stands for an empty one: {@code ~/prod/db} is {@code /prod/db}. So every name has one spelling.
 */
final class AwsName {
    /** With {@code !}, which only secrets have that another service of AWS manages. */
    private static final String SEGMENT = "(?:[A-Za-z0-9_+=.@!-]+|~)";
    /** After it a slash needs no stand-in. */
    private static final String ARN = "(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:(?!~)/?)?";

    private static final Pattern NAME = Pattern.compile(ARN + SEGMENT + "(?:/" + SEGMENT + ")*");
    private static final Pattern EMPTY_SEGMENT = Pattern.compile("(?<=^|/)~(?=/|$)");

    private AwsName() {}

    /**
     * The {@code SecretId} to ask for.
     *
     * @throws SecretNotFoundException if there can be no secret of that name
     */
    static String id(SecretName name) {
        String text = name.value();
        if (!NAME.matcher(text).matches() || text.equals("~")) {
            throw new SecretNotFoundException("Secrets Manager has no such names");
        }
        return text.indexOf('~') < 0 ? text : EMPTY_SEGMENT.matcher(text).replaceAll("");
    }
}
