/** Representations of secrets, and which of them a caller accepts. */
@NullMarked
package dev.postern.api.media;

import org.jspecify.annotations.NullMarked;
