package dev.postern.policy;

import dev.postern.secret.InvalidReferenceException;
import org.jboss.logging.Logger;

/** The policy in force. Each request takes it once and uses it to the end. */
public final class CurrentPolicy {
    private static final Logger LOG = Logger.getLogger(CurrentPolicy.class);

    private volatile Policy policy;

    public CurrentPolicy(Policy atStart) {
        policy = atStart;
        if (atStart.isOpen()) {
            LOG.info("There are no policy rules: every caller may read every secret that the enabled backends serve");
        }
    }

    /** The policy in force now. */
    public Policy get() {
        return policy;
    }

    /**
     * Replaces the policy.
     *
     * @param first runs before anybody uses the next policy, unless that is refused
     * @throws InvalidReferenceException if it would allow everything and the one in force does not
     */
    public void replace(Policy next, Runnable first) {
        if (next.isOpen() && !policy.isOpen()) {
            throw new InvalidReferenceException("postern.policy: no rule is left, and without rules everything"
                    + " would be allowed: restart Postern if that is meant");
        }
        first.run();
        policy = next;
    }
}
