/** Secrets, and how they are named. */
@NullMarked
package dev.postern.secret;

import org.jspecify.annotations.NullMarked;
