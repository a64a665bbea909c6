/** Where settings come from, and which are refused. */
@NullMarked
package dev.postern.config;

import org.jspecify.annotations.NullMarked;
