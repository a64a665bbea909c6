/**
 * The use case: authenticate, authorize, find, record, release. Only this package knows this order. It knows nothing of
 * HTTP.
 */
@NullMarked
package dev.postern.access;

import org.jspecify.annotations.NullMarked;
