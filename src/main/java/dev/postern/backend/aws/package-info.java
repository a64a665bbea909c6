/** The backend for AWS Secrets Manager. */
@NullMarked
package dev.postern.backend.aws;

import org.jspecify.annotations.NullMarked;
