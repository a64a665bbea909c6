package dev.postern.policy;

/** Hears of changes to the rules. Called before they take effect. Must not block. */
public interface PolicyEvents {
    /** Other rules will be in force. */
    void replaced(Policy before, Policy after);

    /**
     * A changed configuration file is not used.
     *
     * @param kept the policy that stays in force
     * @param reason a word for what is wrong
     */
    void refused(Policy kept, String reason);
}
