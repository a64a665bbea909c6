/** The vocabulary: what a secret is called, and what it is. */
@NullMarked
package dev.postern.secret;

import org.jspecify.annotations.NullMarked;
