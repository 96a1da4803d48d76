package org.vmfinalize.trust;

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
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Which certificates are taken for a server's own.
///
/// They are checked by exactly one of: a pinned thumbprint (then the host's name does not matter), a file of certificate
/// authorities, or, with neither, the authorities that the JDK trusts. There is no way to check nothing.
///
/// @param thumbprint SHA-256 of the server's certificate, 64 hexadecimal digits with or without colons, kept as `AA:BB:…`
/// @param caFile     PEM file of certificate authorities
/// @param own        what this side shows to a server that asks who it is
public record ServerTrust(Optional<String> thumbprint, Optional<Path> caFile,
        Optional<ClientCertificate> own) {

    /// For servers that let in everybody, or ask in another way.
    public ServerTrust(Optional<String> thumbprint, Optional<Path> caFile) {
        this(thumbprint, caFile, Optional.empty());
    }

    public ServerTrust {
        thumbprint = thumbprint.map(ServerTrust::canonical);
        if (thumbprint.isPresent() && caFile.isPresent()) {
            throw new IllegalArgumentException(
                    "a thumbprint and a file of certificate authorities exclude each other; keep one");
        }
    }

    /// The TLS settings that trust such a server alone.
    ///
    /// @throws IllegalArgumentException if one of the files cannot be used
    public SSLContext context() {
        try {
            if (thumbprint.isEmpty() && caFile.isEmpty() && own.isEmpty()) {
                return SSLContext.getDefault();
            }
            var context = SSLContext.getInstance("TLS");
            context.init(own.isPresent() ? own.get().managers() : null, managers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /// What decides whether a server is trusted.
    ///
    /// @throws IllegalArgumentException if the file of certificate authorities cannot be used
    public TrustManager[] managers() throws GeneralSecurityException {
        if (thumbprint.isPresent()) {
            return new TrustManager[]{new Pinned(thumbprint.get())};
        }
        return authorities(caFile);
    }

    /// Whether a TLS connection failed since the server's certificate is not trusted, and not by an accident of the network.
    public static boolean isDistrust(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return true;
            }
        }
        return false;
    }

    private static String canonical(String thumbprint) {
        String digits = thumbprint.strip().replace(":", "").toUpperCase(Locale.ROOT);
        if (!digits.matches("[0-9A-F]{64}")) {
            throw new IllegalArgumentException(
                    "thumbprint: must be SHA-256, 64 hexadecimal digits, but was '%s'".formatted(thumbprint));
        }
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(HexFormat.of().parseHex(digits));
    }

    private static TrustManager[] authorities(Optional<Path> caFile) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(caFile.isPresent() ? storeOf(caFile.get()) : (KeyStore) null);
        return factory.getTrustManagers();
    }

    private static KeyStore storeOf(Path caFile) throws GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        try (InputStream in = Files.newInputStream(caFile)) {
            store.load(null, null);
            int count = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + count++, certificate);
            }
            if (count == 0) {
                throw new IllegalArgumentException(
                        "%s: must contain at least one certificate in PEM form but has none"
                                .formatted(caFile));
            }
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(
                    "%s: must be a readable PEM file of certificate authorities but was not: %s".formatted(
                            caFile,
                            e.getMessage()),
                    e);
        }
        return store;
    }

    /// Trusts one certificate, whoever signed it and whatever name is in it: the thumbprint says more than both.
    ///
    /// It extends X509ExtendedTrustManager since the JDK then leaves the check of the host's name to it.
    private static final class Pinned extends X509ExtendedTrustManager {

        private final String thumbprint;

        Pinned(String thumbprint) {
            this.thumbprint = thumbprint;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            String actual = thumbprint(chain[0]);
            if (!actual.equals(thumbprint)) {
                throw new CertificateException(
                        "the certificate's SHA-256 thumbprint must be %s but was %s; if it was renewed on purpose, set the new one"
                                .formatted(thumbprint, actual));
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
                throws CertificateException {
            throw new CertificateException("this side is the client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this side is the client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this side is the client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }

        private static String thumbprint(X509Certificate certificate) throws CertificateException {
            try {
                var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
                return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
            } catch (NoSuchAlgorithmException e) {
                throw new CertificateException(e);
            }
        }
    }
}
