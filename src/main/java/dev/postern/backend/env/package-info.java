/** Secrets from the environment and from a {@code .env} file. */
@NullMarked
package dev.postern.backend.env;

import org.jspecify.annotations.NullMarked;
