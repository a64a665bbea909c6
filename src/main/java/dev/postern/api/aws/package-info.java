/**
 * The door for clients of AWS Secrets Manager: its <a
 * href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/">JSON protocol</a>, and the requests of its <a
 * href="https://github.com/aws/aws-workload-credentials-provider">agent</a>.
 */
@NullMarked
package dev.postern.api.aws;

import org.jspecify.annotations.NullMarked;
