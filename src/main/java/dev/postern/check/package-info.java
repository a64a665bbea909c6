/** The {@code check} command: validates the settings, and answers who may read what. */
@NullMarked
package dev.postern.check;

import org.jspecify.annotations.NullMarked;
