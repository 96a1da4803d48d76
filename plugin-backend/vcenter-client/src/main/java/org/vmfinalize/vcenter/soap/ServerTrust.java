package org.vmfinalize.vcenter.soap;

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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.VCenterAddress;

/// Which certificates are taken for a vCenter's own.
final class ServerTrust {

    private ServerTrust() {}

    /// The TLS settings for `address`.
    ///
    /// @throws IllegalArgumentException if the file of certificate authorities cannot be used
    static SSLContext context(VCenterAddress address) {
        try {
            if (address.thumbprint().isEmpty() && address.caFile().isEmpty()) {
                return SSLContext.getDefault();
            }
            var context = SSLContext.getInstance("TLS");
            context.init(null, address.thumbprint().isPresent()
                    ? new TrustManager[]{new Pinned(address.thumbprint().get())}
                    : authorities(address.caFile().orElseThrow()), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "%s: TLS cannot be set up: %s".formatted(address.sdk(), e.getMessage()), e);
        }
    }

    private static TrustManager[] authorities(Path caFile) throws GeneralSecurityException {
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
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
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
