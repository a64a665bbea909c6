/** Secrets from a directory, such as a mounted Kubernetes or Docker secret. */
@NullMarked
package dev.postern.backend.file;

import org.jspecify.annotations.NullMarked;
