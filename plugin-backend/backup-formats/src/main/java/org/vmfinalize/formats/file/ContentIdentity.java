package org.vmfinalize.formats.file;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;

/// The identity of a backup out of those of its parts.
public final class ContentIdentity {

    private ContentIdentity() {}

    /// The format's name and a digest over the identities of all parts, in their order.
    public static String of(String format, Stream<String> parts) {
        MessageDigest digest = sha256();
        parts.forEachOrdered(part -> digest.update((part + '\n').getBytes(StandardCharsets.UTF_8)));
        return format + ":" + HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }
}
