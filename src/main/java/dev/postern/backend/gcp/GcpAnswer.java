package dev.postern.backend.gcp;

import com.google.api.client.http.LowLevelHttpResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A response whose body is in memory. */
final class GcpAnswer extends LowLevelHttpResponse {
    private final int status;
    private final List<Map.Entry<String, String>> fields;
    private final byte[] body;

    GcpAnswer(int status, List<Map.Entry<String, String>> fields, byte[] body) {
        this.status = status;
        this.fields = fields;
        this.body = body;
    }

    @Override
    public int getStatusCode() {
        return status;
    }

    @Override
    public InputStream getContent() {
        return new ByteArrayInputStream(body);
    }

    @Override
    public long getContentLength() {
        return body.length;
    }

    @Override
    public @Nullable String getContentType() {
        return field("Content-Type");
    }

    @Override
    public @Nullable String getContentEncoding() {
        return field("Content-Encoding");
    }

    private @Nullable String field(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable String getStatusLine() {
        return null;
    }

    @Override
    public @Nullable String getReasonPhrase() {
        return null;
    }

    @Override
    public int getHeaderCount() {
        return fields.size();
    }

    @Override
    public String getHeaderName(int index) {
        return fields.get(index).getKey();
    }

    @Override
    public String getHeaderValue(int index) {
        return fields.get(index).getValue();
    }
}
