/** The backend for a directory of files, such as a mounted Kubernetes or Docker secret. */
@NullMarked
package dev.postern.backend.file;

import org.jspecify.annotations.NullMarked;
