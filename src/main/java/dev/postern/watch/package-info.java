/** Watches files, so that they are read again when they change. */
@NullMarked
package dev.postern.watch;

import org.jspecify.annotations.NullMarked;
