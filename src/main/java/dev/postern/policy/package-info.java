/** Authorization: which caller may read which secret. */
@NullMarked
package dev.postern.policy;

import org.jspecify.annotations.NullMarked;
