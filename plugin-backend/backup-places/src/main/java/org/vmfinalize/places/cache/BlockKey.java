package org.vmfinalize.places.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names a block of one version of a file.
///
/// @param file  SHA-256 of the file's location and version, in hexadecimal
/// @param block its number: position divided by [BlockCache#BLOCK_BYTES]
record BlockKey(String file, long block) {

    static String fileKey(String location, String version) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest((location + "\n"
                    + version).getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
