/** Authentication by client certificate, and the keys and authorities that it needs. */
@NullMarked
package dev.postern.caller.mtls;

import org.jspecify.annotations.NullMarked;
