/** Faults as problem bodies. */
@NullMarked
package dev.postern.api.problem;

import org.jspecify.annotations.NullMarked;
