/** Lines that are numbered and hashed, each with what was before it, so that none can be changed or left out unseen. */
@NullMarked
package dev.postern.audit.chain;

import org.jspecify.annotations.NullMarked;
