/** What every feature's threads have in common. */
@NullMarked
package dev.postern.concurrent;

import org.jspecify.annotations.NullMarked;
