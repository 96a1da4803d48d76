package org.vmfinalize.backup;

import java.util.Optional;

/// A run of bytes of a backup disk, and what the format knows of them.
///
/// @param range where it lies on the disk, in bytes; never empty
/// @param kind what is there
/// @param digest what the bytes must hash to, if the format stores it
public record Extent(ByteRange range, Kind kind, Optional<Digest> digest) {

    public Extent(ByteRange range, Kind kind) {
        this(range, kind, Optional.empty());
    }

    /// What an extent holds.
    public enum Kind {
        /// Stored bytes.
        DATA,
        /// Known to read as zeros; reading it costs nothing and tells nothing.
        ZERO,
        /// The format cannot tell without reading.
        UNKNOWN
    }

    /// A digest that the backup's maker stored.
    ///
    /// @param algorithm a name that [java.security.MessageDigest] takes, such as `SHA-256`, or `CRC32C`
    /// @param hex the digest, in lower-case hexadecimal
    public record Digest(String algorithm, String hex) {}
}
