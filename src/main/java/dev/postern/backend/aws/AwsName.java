package dev.postern.backend.aws;

import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.SecretName;
import java.util.regex.Pattern;

/**
 * A name in the <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html">alphabet
 * of Secrets Manager</a>, or an ARN, with or without its six-character suffix.
 *
 * <p>Secrets Manager allows slashes anywhere, but a {@link SecretName} only between segments. A segment {@code ~},
 * which is not in the alphabet, stands for an empty one: {@code ~/prod/db} is {@code /prod/db}. Every name therefore
 * has one spelling.
 */
final class AwsName {
    /** Includes {@code !}, which occurs only in secrets managed by other AWS services. */
    private static final String SEGMENT = "(?:[A-Za-z0-9_+=.@!-]+|~)";
    /** After an ARN, a slash needs no stand-in. */
    private static final String ARN = "(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:(?!~)/?)?";

    private static final Pattern NAME = Pattern.compile(ARN + SEGMENT + "(?:/" + SEGMENT + ")*");
    private static final Pattern EMPTY_SEGMENT = Pattern.compile("(?<=^|/)~(?=/|$)");

    private AwsName() {}

    /**
     * The {@code SecretId} of a request.
     *
     * @throws SecretNotFoundException if no secret can have that name
     */
    static String id(SecretName name) {
        String text = name.value();
        if (!NAME.matcher(text).matches() || text.equals("~")) {
            throw new SecretNotFoundException("not a valid name in Secrets Manager");
        }
        return text.indexOf('~') < 0 ? text : EMPTY_SEGMENT.matcher(text).replaceAll("");
    }
}
