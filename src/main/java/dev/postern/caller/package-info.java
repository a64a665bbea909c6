/** Authentication: who is calling. */
@NullMarked
package dev.postern.caller;

import org.jspecify.annotations.NullMarked;
