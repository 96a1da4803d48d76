package org.vmfinalize.receipts;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// Signatures by Ed25519 (RFC 8032), and its keys in PEM (RFC 8410).
public final class Ed25519 {

    static final String NAME = "Ed25519";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";

    private Ed25519() {}

    /// Makes a key.
    public static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(NAME).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    static byte[] sign(PrivateKey key, byte[] message) {
        try {
            var signature = Signature.getInstance(NAME);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    static boolean isSignedBy(PublicKey key, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        var verifier = Signature.getInstance(NAME);
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
    }

    /// Whether two keys belong together.
    public static boolean isPair(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
        return isSignedBy(publicKey, probe, sign(privateKey, probe));
    }

    static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
        return KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded));
    }

    /// Reads a public key in PEM.
    ///
    /// @throws GeneralSecurityException if it is none
    public static PublicKey publicKey(String pem) throws GeneralSecurityException {
        return publicKey(bytes(PUBLIC, pem));
    }

    /// Reads a private key, PKCS #8 in PEM.
    ///
    /// @throws GeneralSecurityException if it is none
    public static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        return KeyFactory.getInstance(NAME).generatePrivate(new PKCS8EncodedKeySpec(bytes(PRIVATE, pem)));
    }

    public static String pem(PublicKey key) {
        return pem(PUBLIC, key.getEncoded());
    }

    public static String pem(PrivateKey key) {
        return pem(PRIVATE, key.getEncoded());
    }

    private static String pem(String label, byte[] bytes) {
        var base64 = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(bytes);
        return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n".formatted(label, base64);
    }

    private static byte[] bytes(String label, String pem) throws GeneralSecurityException {
        String begin = "-----BEGIN %s-----".formatted(label);
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END %s-----".formatted(label));
        if (from < 0 || to < from) {
            throw new GeneralSecurityException("it must be PEM with '%s' but is not".formatted(begin));
        }
        try {
            return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("its Base64 is not valid", e);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("every Java runtime of version 15 or newer must have Ed25519", e);
    }
}
