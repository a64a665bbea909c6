package dev.postern.backend.aws;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Declares that requests are initially signed with this machine's time. Otherwise, the SDK does not notice a wrong
 * clock if AWS only reports a wrong signature.
 */
final class FirstClock implements ExecutionInterceptor {
    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        attributes.putAttributeIfAbsent(SdkExecutionAttribute.TIME_OFFSET, 0);
    }
}
