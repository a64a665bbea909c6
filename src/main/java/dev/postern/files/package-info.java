/** The door for workloads that read files: Postern renders secrets into them, and again when a secret changes. */
@NullMarked
package dev.postern.files;

import org.jspecify.annotations.NullMarked;
