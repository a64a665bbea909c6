/** Authentication by the tokens that Kubernetes issues to service accounts. */
@NullMarked
package dev.postern.caller.podtoken;

import org.jspecify.annotations.NullMarked;
