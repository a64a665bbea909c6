/** Completion of the command line in shells. */
@NullMarked
package dev.postern.completion;

import org.jspecify.annotations.NullMarked;
