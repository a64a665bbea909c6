/** {@code check}: what is wrong with the settings, and who may read what. */
@NullMarked
package dev.postern.check;

import org.jspecify.annotations.NullMarked;
