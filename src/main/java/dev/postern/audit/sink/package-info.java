/** The sinks of the audit log: standard output and files. */
@NullMarked
package dev.postern.audit.sink;

import org.jspecify.annotations.NullMarked;
