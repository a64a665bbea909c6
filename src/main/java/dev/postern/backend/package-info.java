/** The interface that every secrets manager implements, its faults, and the calls to it. */
@NullMarked
package dev.postern.backend;

import org.jspecify.annotations.NullMarked;
