package dev.postern.check;

import dev.postern.policy.CallerForm;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.PercentEncoding;
import dev.postern.secret.Property;
import dev.postern.secret.SecretRef;

/**
 * Asks whether a caller may read a secret.
 *
 * @param caller the caller as rules and audit lines name it
 * @param written the secret as the user wrote it
 */
record Question(String caller, String written, SecretRef secret) {
    /** @throws IllegalArgumentException if either is invalid; the message names the option */
    static Question of(String caller, String secret) {
        if (!CallerForm.isKnown(caller) || caller.indexOf('*') >= 0) {
            throw new IllegalArgumentException("--caller: must be " + CallerForm.FORMS_OF_ONE);
        }
        return new Question(caller, secret, reference(secret));
    }

    private static SecretRef reference(String secret) {
        try {
            int hash = secret.indexOf('#');
            SecretRef bare = SecretRef.parsePath(hash < 0 ? secret : secret.substring(0, hash));
            return hash < 0
                    ? bare
                    : bare.with(Property.parse(PercentEncoding.decode(secret.substring(hash + 1))), null);
        } catch (InvalidReferenceException e) {
            throw new IllegalArgumentException("--secret: " + e.getMessage(), e);
        }
    }
}
