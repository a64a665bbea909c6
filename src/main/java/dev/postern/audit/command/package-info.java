/** The commands for audit files: {@code postern audit verify} and {@code postern audit report}. */
@NullMarked
package dev.postern.audit.command;

import org.jspecify.annotations.NullMarked;
