/** The backend for Google Secret Manager. */
@NullMarked
package dev.postern.backend.gcp;

import org.jspecify.annotations.NullMarked;
