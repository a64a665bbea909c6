package dev.postern.api.listener;

/**
 * What connections may cost.
 *
 * @param maxConnections how many there may be on one port
 * @param maxUnproven how many of all may have sent no whole request yet
 * @param headMillis how long a request may take to come, and the handshake before it
 * @param maxUnfinishedBytes how many bytes of requests there may be that are not whole
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
