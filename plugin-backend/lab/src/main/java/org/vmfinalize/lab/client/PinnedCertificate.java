package org.vmfinalize.lab.client;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts the one server whose certificate has the registered thumbprint, whatever its name and issuer: that is how
/// vCenter trusts a plugin's server.
public final class PinnedCertificate extends X509ExtendedTrustManager {

    private final byte[] thumbprint;

    private PinnedCertificate(byte[] thumbprint) {
        this.thumbprint = thumbprint;
    }

    /// A context that trusts that one certificate.
    ///
    /// @param thumbprint SHA-256, hexadecimal pairs with colons
    public static SSLContext trusting(String thumbprint) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            byte[] digest = HexFormat.ofDelimiter(":").parseHex(thumbprint);
            context.init(null, new TrustManager[]{new PinnedCertificate(digest)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not available in this Java", e);
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        try {
            byte[] actual = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
            if (!MessageDigest.isEqual(actual, thumbprint)) {
                throw new CertificateException(
                        "plugin server: SHA-256 thumbprint must be the registered one but was "
                                + HexFormat.ofDelimiter(":").withUpperCase().formatHex(actual));
            }
        } catch (GeneralSecurityException e) {
            throw e instanceof CertificateException known ? known : new CertificateException(e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
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
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("clients are not asked for certificates");
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
        return new X509Certificate[0];
    }
}
