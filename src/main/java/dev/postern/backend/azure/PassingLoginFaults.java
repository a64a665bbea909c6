package dev.postern.backend.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelineSyncPolicy;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.RetryAfter;
import java.time.Instant;

/** Detects transient login failures by their status, which the SDK drops if the body is not Entra's. */
final class PassingLoginFaults extends HttpPipelineSyncPolicy {
    /** @throws BackendUnavailableException if the authority cannot answer at the moment */
    @Override
    protected HttpResponse afterReceivedResponse(HttpPipelineCallContext context, HttpResponse answer) {
        int status = answer.getStatusCode();
        if (AzureFaults.mayPass(status)) {
            answer.close();
            throw new BackendUnavailableException(
                    "the login service answered " + status,
                    null,
                    RetryAfter.parse(answer.getHeaderValue(HttpHeaderName.RETRY_AFTER), Instant.now()));
        }
        return answer;
    }
}
