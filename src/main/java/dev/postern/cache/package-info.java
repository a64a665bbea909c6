/** Secrets kept for a while, so that a workload does not pay the backend's latency nor share its outages. */
@NullMarked
package dev.postern.cache;

import org.jspecify.annotations.NullMarked;
