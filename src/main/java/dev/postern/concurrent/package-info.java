/** Threads and tasks for all features. */
@NullMarked
package dev.postern.concurrent;

import org.jspecify.annotations.NullMarked;
