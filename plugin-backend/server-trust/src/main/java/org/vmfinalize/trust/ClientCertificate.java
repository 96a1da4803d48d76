package org.vmfinalize.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/// What this side shows to a server that asks who it is.
///
/// @param certificate PEM file: its own certificate, and those of authorities between it and one that the server knows
/// @param key PEM file: the private key, as PKCS #8, not encrypted
public record ClientCertificate(Path certificate, Path key) {

    private static final Pattern PEM = Pattern
            .compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final String[] ALGORITHMS = {"EC", "RSA", "EdDSA"};

    /// @throws IllegalArgumentException if one of the files cannot be used
    KeyManager[] managers() throws GeneralSecurityException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            // The password is for this object in memory alone.
            char[] password = "memory".toCharArray();
            store.setKeyEntry("client", privateKey(), password, chain());
            var factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, password);
            return factory.getKeyManagers();
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(
                    "%s and %s: must be a readable certificate and its key in PEM form but were not: %s"
                            .formatted(certificate, key, e.getMessage()),
                    e);
        }
    }

    private Certificate[] chain() throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(certificate)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in)
                    .toArray(Certificate[]::new);
        }
    }

    private PrivateKey privateKey() throws IOException, GeneralSecurityException {
        Matcher pem = PEM.matcher(Files.readString(key));
        if (!pem.find()) {
            throw new IllegalArgumentException(
                    "%s: must have a key that begins with BEGIN PRIVATE KEY but has not; convert it: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW"
                            .formatted(key));
        }
        var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (var algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException _) {
                // It is a key of another algorithm.
            }
        }
        throw new IllegalArgumentException("%s: must be a key for one of %s but is for none".formatted(key,
                String.join(", ", ALGORITHMS)));
    }
}
