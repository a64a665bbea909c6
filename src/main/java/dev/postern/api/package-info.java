/** The door of plain HTTP: parses requests for secrets, and tells what became of them. */
@NullMarked
package dev.postern.api;

import org.jspecify.annotations.NullMarked;
