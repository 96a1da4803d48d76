package org.vmfinalize.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The two hashes of a Merkle tree as RFC 9162, section 2.1.1 defines them, with SHA-256.
final class Digests {

    static final int BYTES = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private Digests() {}

    /// A digest to which a leaf's bytes are to be added.
    static MessageDigest leaf() {
        var digest = sha256();
        digest.update(LEAF);
        return digest;
    }

    static byte[] node(byte[] left, byte[] right) {
        var digest = sha256();
        digest.update(NODE);
        digest.update(left);
        return digest.digest(right);
    }

    /// The digest of a leaf of zeros.
    static byte[] zeros(long length) {
        var digest = leaf();
        byte[] zeros = new byte[(int) Math.min(1 << 16, length)];
        for (long left = length; left > 0; left -= zeros.length) {
            digest.update(zeros, 0, (int) Math.min(zeros.length, left));
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
