package dev.postern.backend.aws;

import dev.postern.net.TooLargeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/** Ends answers that are too large to make sense. */
final class BoundedHttpClient implements SdkHttpClient {
    /** Some times as large as the largest secret. */
    private static final int MAX_BYTES = 1 << 20;

    private final SdkHttpClient client;

    BoundedHttpClient(SdkHttpClient client) {
        this.client = client;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest exchange = client.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return bounded(exchange.call());
            }

            @Override
            public void abort() {
                exchange.abort();
            }
        };
    }

    private static HttpExecuteResponse bounded(HttpExecuteResponse answer) {
        HttpExecuteResponse.Builder bounded = HttpExecuteResponse.builder().response(answer.httpResponse());
        answer.responseBody()
                .ifPresent(body -> bounded.responseBody(AbortableInputStream.create(new Bounded(body), body)));
        return bounded.build();
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }

    private static final class Bounded extends FilterInputStream {
        private int left = MAX_BYTES;

        Bounded(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) throws IOException {
            left -= read;
            if (left < 0) {
                throw new TooLargeException(MAX_BYTES);
            }
        }
    }
}
