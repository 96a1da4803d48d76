package org.vmfinalize.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Looks at the certificate that a server shows, so that a user can be told what he would pin. It trusts none: nothing is
/// said to the server beyond the beginning of a handshake.
final class ShownCertificate extends X509ExtendedTrustManager {

    private static final int PATIENCE_MILLIS = 10_000;

    private @Nullable String thumbprint;

    private ShownCertificate() {}

    /// SHA-256 of the server's certificate, hexadecimal pairs with colons; none if it does not get that far.
    static Optional<String> thumbprint(URI server) {
        var looking = new ShownCertificate();
        try (var socket = new Socket()) {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{looking}, null);
            int port = server.getPort() == -1 ? 443 : server.getPort();
            socket.connect(new InetSocketAddress(server.getHost(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            ((SSLSocket) context.getSocketFactory().createSocket(socket, server.getHost(), port, true))
                    .startHandshake();
        } catch (SSLHandshakeException _) {
            return Optional.ofNullable(looking.thumbprint);
        } catch (IOException | GeneralSecurityException _) {
            // That it cannot be trusted was told already; this would have been an addition.
            return Optional.empty();
        }
        return Optional.empty();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            thumbprint = HexFormat.ofDelimiter(":").withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
        throw new CertificateException("it is looked at, not trusted");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this side is the client");
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
