package dev.postern.policy;

import dev.postern.secret.InvalidReferenceException;
import org.jboss.logging.Logger;

/** The policy that is in force. Each request takes it once, and is decided by that one to its end. */
public final class CurrentPolicy {
    private static final Logger LOG = Logger.getLogger(CurrentPolicy.class);

    private volatile Policy policy;

    public CurrentPolicy(Policy atStart) {
        policy = atStart;
        if (atStart.isOpen()) {
            LOG.info("There are no policy rules: every caller may read every secret that the enabled backends serve");
        }
    }

    /** The policy as it is now. */
    public Policy get() {
        return policy;
    }

    /**
     * Puts another policy in force.
     *
     * @throws InvalidReferenceException if it would allow everything and the one in force does not
     */
    public void replace(Policy next) {
        if (next.isOpen() && !policy.isOpen()) {
            throw new InvalidReferenceException("postern.policy: no rule is left, and without rules everything"
                    + " would be allowed: restart Postern if that is meant");
        }
        policy = next;
    }
}
