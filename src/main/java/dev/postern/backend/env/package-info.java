/** The backend for environment variables and a {@code .env} file. */
@NullMarked
package dev.postern.backend.env;

import org.jspecify.annotations.NullMarked;
