/** The program: its command line, its wiring and its startup. */
@NullMarked
package dev.postern;

import org.jspecify.annotations.NullMarked;
