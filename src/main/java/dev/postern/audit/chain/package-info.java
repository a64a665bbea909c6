/** The hash chain of the audit log, which makes changed or missing lines evident. */
@NullMarked
package dev.postern.audit.chain;

import org.jspecify.annotations.NullMarked;
