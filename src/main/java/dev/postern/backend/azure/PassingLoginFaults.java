package dev.postern.backend.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelineSyncPolicy;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.RetryAfter;
import java.time.Instant;

/** Tells a login that may pass by its status, which the SDK forgets where the body is none of Entra's. */
final class PassingLoginFaults extends HttpPipelineSyncPolicy {
    /** @throws BackendUnavailableException if the authority has no answer for the moment */
    @Override
    protected HttpResponse afterReceivedResponse(HttpPipelineCallContext context, HttpResponse answer) {
        int status = answer.getStatusCode();
        if (AzureFaults.mayPass(status)) {
            answer.close();
            throw new BackendUnavailableException(
                    "the login is answered " + status,
                    null,
                    RetryAfter.parse(answer.getHeaderValue(HttpHeaderName.RETRY_AFTER), Instant.now()));
        }
        return answer;
    }
}
