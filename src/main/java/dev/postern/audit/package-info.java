/** The audit log: one line for every access, written before the access is answered. */
@NullMarked
package dev.postern.audit;

import org.jspecify.annotations.NullMarked;
