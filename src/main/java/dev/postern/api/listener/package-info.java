/** Listens for HTTP: sockets, TLS, limits and shutdown. */
@NullMarked
package dev.postern.api.listener;

import org.jspecify.annotations.NullMarked;
