/** The sources of settings, and the rules that reject bad ones. */
@NullMarked
package dev.postern.config;

import org.jspecify.annotations.NullMarked;
