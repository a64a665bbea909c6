/** Where lines go. */
@NullMarked
package dev.postern.audit.sink;

import org.jspecify.annotations.NullMarked;
