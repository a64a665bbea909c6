/** The program: its command line, how its parts are put together, and its start. */
@NullMarked
package dev.postern;

import org.jspecify.annotations.NullMarked;
