package org.vmfinalize.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Which certificate of the server is taken: the one with a thumbprint, or any that an issuer vouches for.
///
/// There is no way to take any certificate at all.
///
/// **Threads:** any number.
public final class ServerTrust {

    private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

    private final X509ExtendedTrustManager issuers;
    private final byte @Nullable [] pinned;
    private volatile @Nullable String refused;

    private ServerTrust(X509ExtendedTrustManager issuers, byte @Nullable [] pinned) {
        this.issuers = issuers;
        this.pinned = pinned;
    }

    /// Takes what the Java runtime's own list of issuers vouches for.
    public static ServerTrust ofTheSystem() throws IOException {
        return new ServerTrust(issuers(null), null);
    }

    /// Takes the one certificate that has this thumbprint, whatever its name and issuer.
    ///
    /// @param thumbprint SHA-256, hexadecimal, with or without colons
    /// @throws IllegalArgumentException if it is not a SHA-256 thumbprint
    public static ServerTrust ofThumbprint(String thumbprint) throws IOException {
        return new ServerTrust(issuers(null), digest(thumbprint));
    }

    /// Takes what the issuers in a file vouch for, for the name that is asked for.
    ///
    /// @param file certificates in PEM form
    public static ServerTrust ofIssuers(Path file) throws IOException {
        try (var content = Files.newInputStream(file)) {
            return new ServerTrust(issuers(keyStore(content)), null);
        } catch (GeneralSecurityException e) {
            throw new IOException("%s: must hold certificates in PEM form but does not (%s)".formatted(file,
                    e.getMessage()), e);
        }
    }

    /// The thumbprint as it is compared and shown.
    ///
    /// @throws IllegalArgumentException if it is not a SHA-256 thumbprint
    public static String normal(String thumbprint) {
        return HEX.formatHex(digest(thumbprint));
    }

    /// The thumbprint of the certificate that was refused last.
    Optional<String> refused() {
        return Optional.ofNullable(refused);
    }

    SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{new Check()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not available in this Java", e);
        }
    }

    private static byte[] digest(String thumbprint) {
        var digits = thumbprint.strip().toUpperCase(Locale.ROOT).replace(":", "");
        if (!digits.matches("[0-9A-F]{64}")) {
            throw new IllegalArgumentException(
                    "thumbprint: must be the SHA-256 of a certificate, 32 hexadecimal pairs with colons, but was '%s'"
                            .formatted(thumbprint));
        }
        return HexFormat.of().parseHex(digits);
    }

    private static KeyStore keyStore(InputStream pem) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
            store.setCertificateEntry("issuer-" + number++, certificate);
        }
        return store;
    }

    private static X509ExtendedTrustManager issuers(@Nullable KeyStore store) throws IOException {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new IOException("this Java has no trust manager for certificates"));
        } catch (GeneralSecurityException e) {
            throw new IOException("the list of trusted issuers cannot be read (%s)".formatted(e.getMessage()),
                    e);
        }
    }

    /// Keeps the thumbprint of what it refuses, so that a user can be told what to pin.
    private final class Check extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            try {
                if (pinned == null) {
                    issuers.checkServerTrusted(chain, authType, engine);
                } else {
                    checkPinned(chain);
                }
            } catch (CertificateException e) {
                refused = HEX.formatHex(sha256(chain[0]));
                throw e;
            }
        }

        private void checkPinned(X509Certificate[] chain) throws CertificateException {
            if (!MessageDigest.isEqual(sha256(chain[0]), pinned)) {
                throw new CertificateException("the certificate is not the pinned one");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw notAlone();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw notAlone();
        }

        private static CertificateException notAlone() {
            return new CertificateException("a certificate is judged together with the connection's engine");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this is the client's side");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return issuers.getAcceptedIssuers();
        }
    }

    private static byte[] sha256(X509Certificate certificate) throws CertificateException {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new CertificateException("this Java has no SHA-256", e);
        }
    }
}
