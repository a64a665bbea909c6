package dev.postern.api.listener;

/**
 * Limits on what connections can cost.
 *
 * @param maxConnections how many connections one port may have
 * @param maxUnproven how many connections, on all ports, may have sent no complete request yet
 * @param headMillis how long the head of a request may take to arrive; the first includes the TLS handshake
 * @param maxUnfinishedBytes how many bytes all incomplete requests may have together
 */
record ConnectionLimits(int maxConnections, int maxUnproven, long headMillis, long maxUnfinishedBytes) {
    static ConnectionLimits of(HttpConfig config) {
        return new ConnectionLimits(
                config.maxConnections(),
                config.maxUnprovenConnections(),
                config.headTimeout().toMillis(),
                config.maxUnfinishedBytes().asLongValue());
    }
}
