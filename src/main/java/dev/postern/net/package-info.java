/** HTTP and TLS for requests to other services. */
@NullMarked
package dev.postern.net;

import org.jspecify.annotations.NullMarked;
