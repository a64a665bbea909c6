/** What requests to other services have in common. */
@NullMarked
package dev.postern.net;

import org.jspecify.annotations.NullMarked;
