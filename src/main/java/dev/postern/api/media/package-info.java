/** Representations of secrets, and content negotiation. */
@NullMarked
package dev.postern.api.media;

import org.jspecify.annotations.NullMarked;
