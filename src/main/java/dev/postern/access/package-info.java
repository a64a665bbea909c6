/**
 * The use case: who calls, may it, find it, record it, then let it out. The only place that knows this order, and
 * nothing of HTTP.
 */
@NullMarked
package dev.postern.access;

import org.jspecify.annotations.NullMarked;
