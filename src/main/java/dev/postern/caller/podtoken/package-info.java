/** Tokens that Kubernetes issues to service accounts, as proof of who calls. */
@NullMarked
package dev.postern.caller.podtoken;

import org.jspecify.annotations.NullMarked;
