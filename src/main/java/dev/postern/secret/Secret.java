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
 * A secret as its backend returned it.
 *
 * <p>The bytes are shared with callers, not copied. Nobody else may modify them.
 */
public final class Secret {
    /** The approximate memory of a remembered field besides its bytes. */
    private static final int FIELD_OVERHEAD_BYTES = 256;

    private static final int LEAST_FIELDS = 16;

    private final byte[] value;
    private final @Nullable Version version;
    private final @Nullable Instant createdAt;
    private final @Nullable Duration lifetime;
    private final SecretMetadata metadata;
    private @Nullable Map<Property, Secret> fields;
    private int fieldBytes;
    private @Nullable String tag;
    private @Nullable Boolean text;
    private @Nullable Boolean object;

    /**
     * @param value the bytes, possibly none
     * @param version the version read, or null if the backend has no versions
     * @param createdAt when that version was created, or null if the backend does not report it
     */
    public Secret(byte[] value, @Nullable Version version, @Nullable Instant createdAt) {
        this(value, version, createdAt, null);
    }

    /**
     * @param lifetime how long the secret is valid from now, such as by a lease, or null if the backend does not report
     *     it
     */
    public Secret(byte[] value, @Nullable Version version, @Nullable Instant createdAt, @Nullable Duration lifetime) {
        this(value, version, createdAt, lifetime, SecretMetadata.NONE);
    }

    /** @param metadata what else the backend says about it */
    public Secret(
            byte[] value,
            @Nullable Version version,
            @Nullable Instant createdAt,
            @Nullable Duration lifetime,
            SecretMetadata metadata) {
        this.value = value;
        this.version = version;
        this.createdAt = createdAt;
        this.lifetime = lifetime;
        this.metadata = metadata;
    }

    /** The bytes, shared. */
    public byte[] value() {
        return value;
    }

    /** The version read, or null if the backend has no versions. */
    public @Nullable Version version() {
        return version;
    }

    /** When this version was created, or null if the backend does not report it. */
    public @Nullable Instant createdAt() {
        return createdAt;
    }

    /** How long the secret was valid when the backend returned it, or null if the backend does not report it. */
    public @Nullable Duration lifetime() {
        return lifetime;
    }

    /** What else the backend says about it. */
    public SecretMetadata metadata() {
        return metadata;
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

    /** Whether the bytes are a JSON object, in UTF-8. */
    public boolean isObject() {
        Boolean known = object;
        if (known == null) {
            known = isText() && JsonFields.isObject(value);
            object = known;
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
     * One field of this secret. It is remembered, so that reading it again costs no more than reading the whole.
     *
     * @return null if the secret is not JSON or has no such field
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
                field = new Secret(found, version, createdAt, null, metadata);
                // Nested fields contain each other. Together they may not exceed the size of the secret, and their
                // number is limited because each one costs memory besides its bytes.
                if (fieldBytes + found.length <= value.length && known.size() < maxFields()) {
                    fieldBytes += found.length;
                    known.put(property, field);
                }
            }
        }
        return field;
    }

    /**
     * One field of this secret, or all of it.
     *
     * @param property the field, or null for the whole secret
     * @return null if there is no such field
     */
    public @Nullable Secret part(@Nullable Property property) {
        return property == null ? this : field(property);
    }

    private int maxFields() {
        return LEAST_FIELDS + value.length / FIELD_OVERHEAD_BYTES;
    }

    /**
     * A tag that identifies the bytes during the life of this process, without revealing anything about them.
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
     * Overwrites the bytes, including those of remembered fields. The caller must know that nobody reads them any more.
     */
    public void erase() {
        Arrays.fill(value, (byte) 0);
        Map<Property, Secret> known = fields;
        if (known != null) {
            known.values().forEach(Secret::erase);
        }
    }

    /** Shows neither the value nor its length. */
    @Override
    public String toString() {
        return "Secret[version=" + version + ", createdAt=" + createdAt + "]";
    }
}
