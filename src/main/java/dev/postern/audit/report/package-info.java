/** {@code postern audit report}: what happened, as tables, JSON or a page. */
@NullMarked
package dev.postern.audit.report;

import org.jspecify.annotations.NullMarked;
