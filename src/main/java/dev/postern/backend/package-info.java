/** Where secrets are read from: the interface that every secrets manager implements, and how it may fail. */
@NullMarked
package dev.postern.backend;

import org.jspecify.annotations.NullMarked;
