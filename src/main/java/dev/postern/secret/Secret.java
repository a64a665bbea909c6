package dev.postern.secret;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A secret as its backend gave it.
 *
 * <p>The bytes are its own, and shared, not copied, with whoever asks for them: nobody else may write to them.
 */
public final class Secret {
    /** About what a remembered field takes besides its bytes. */
    private static final int FIELD_OVERHEAD_BYTES = 256;

    private static final int LEAST_FIELDS = 16;

    private final byte[] value;
    private final @Nullable Version version;
    private final @Nullable Instant createdAt;
    private final @Nullable Duration lifetime;
    private @Nullable Map<Property, Secret> fields;
    private int fieldBytes;
    private @Nullable String tag;
    private @Nullable Boolean text;

    /**
     * @param value the secret's bytes, possibly none
     * @param version the version that was read, or null where the backend has no versions
     * @param createdAt when that version was created, or null where the backend does not say
     */
    public Secret(byte[] value, @Nullable Version version, @Nullable Instant createdAt) {
        this(value, version, createdAt, null);
    }

    /** @param lifetime for how long its backend says that it is good from now on, as by a lease, or null */
    public Secret(byte[] value, @Nullable Version version, @Nullable Instant createdAt, @Nullable Duration lifetime) {
        this.value = value;
        this.version = version;
        this.createdAt = createdAt;
        this.lifetime = lifetime;
    }

    /** The bytes, shared. */
    public byte[] value() {
        return value;
    }

    /** The version that was read, or null where the backend has no versions. */
    public @Nullable Version version() {
        return version;
    }

    /** When this version was created, or null where the backend does not say. */
    public @Nullable Instant createdAt() {
        return createdAt;
    }

    /** For how long its backend said that it would be good when it gave it, or null if it did not say. */
    public @Nullable Duration lifetime() {
        return lifetime;
    }

    /** Whether the bytes are UTF-8. */
    public boolean isText() {
        Boolean known = text;
        if (known == null) {
            known = isUtf8(value);
            text = known;
        }
        return known;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /**
     * One field of this secret, remembered, so that a field that is asked for again costs no more than the whole.
     *
     * @return null if the secret is not a JSON document or has no such field
     */
    public @Nullable Secret field(Property property) {
        Map<Property, Secret> known = fields;
        if (known == null) {
            known = new ConcurrentHashMap<>();
            fields = known;
        }
        Secret field = known.get(property);
        if (field == null) {
            byte[] found = JsonFields.find(value, property);
            if (found != null) {
                field = new Secret(found, version, createdAt);
                // Nested fields hold each other: together they may take no more than the secret itself, and nor may
                // what many small ones need besides their bytes.
                if (fieldBytes + found.length <= value.length && known.size() < maxFields()) {
                    fieldBytes += found.length;
                    known.put(property, field);
                }
            }
        }
        return field;
    }

    private int maxFields() {
        return LEAST_FIELDS + value.length / FIELD_OVERHEAD_BYTES;
    }

    /**
     * A tag that is the same for the same bytes as long as this process lives, and tells nothing of them.
     *
     * @see ValueTag
     */
    public String tag() {
        String known = tag;
        if (known == null) {
            known = ValueTag.of(value);
            tag = known;
        }
        return known;
    }

    /**
     * Overwrites the bytes, and those of the fields that are remembered. Whoever calls it knows that nobody reads them
     * any more.
     */
    public void erase() {
        Arrays.fill(value, (byte) 0);
        Map<Property, Secret> known = fields;
        if (known != null) {
            known.values().forEach(Secret::erase);
        }
    }

    /** Never the value, nor its length. */
    @Override
    public String toString() {
        return "Secret[version=" + version + ", createdAt=" + createdAt + "]";
    }
}
