/** The HTTP interface: guards, resources, media types and problem bodies. */
@NullMarked
package dev.postern.api;

import org.jspecify.annotations.NullMarked;
