/** The HTTP API: parses requests for secrets and answers them. */
@NullMarked
package dev.postern.api;

import org.jspecify.annotations.NullMarked;
