package dev.postern.api.media;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Writes JSON bodies. */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    public interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    /** @param bytes the expected size */
    public static Buffer write(int bytes, Writer writer) {
        Buffer buffer = Buffer.buffer(bytes);
        try (JsonGenerator json = FACTORY.createGenerator(new BufferOutput(buffer))) {
            writer.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer does not fail", e);
        }
        return buffer;
    }

    private static final class BufferOutput extends OutputStream {
        private final Buffer buffer;

        BufferOutput(Buffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public void write(int b) {
            buffer.appendByte((byte) b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            buffer.appendBytes(bytes, offset, length);
        }
    }
}
