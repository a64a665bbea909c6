package dev.postern.backend.aws;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Says that requests are first signed by this machine's own clock. Without being told, the SDK does not see that a
 * clock is wrong where AWS says no more than that the signature does not match.
 */
final class FirstClock implements ExecutionInterceptor {
    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        attributes.putAttributeIfAbsent(SdkExecutionAttribute.TIME_OFFSET, 0);
    }
}
