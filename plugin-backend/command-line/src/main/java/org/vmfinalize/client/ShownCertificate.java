package org.vmfinalize.client;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.trust.HttpProxy;

/// Looks at the certificate that a server shows, so that a user can be told what he would pin. It trusts none: nothing is
/// said to the server beyond the beginning of a handshake.
final class ShownCertificate extends X509ExtendedTrustManager {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private volatile @Nullable String thumbprint;

    private ShownCertificate() {}

    /// SHA-256 of the server's certificate, hexadecimal pairs with colons; none if it does not get that far.
    static Optional<String> thumbprint(URI server, Optional<HttpProxy> proxy) {
        var looking = new ShownCertificate();
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{looking}, null);
            var client = HttpClient.newBuilder().sslContext(context).connectTimeout(PATIENCE);
            proxy.ifPresent(way -> way.use(client));
            var request = HttpRequest.newBuilder(server).timeout(PATIENCE).HEAD();
            proxy.ifPresent(way -> way.logIn(request));
            try (var http = client.build()) {
                http.send(request.build(), BodyHandlers.discarding());
            }
        } catch (IOException | GeneralSecurityException _) {
            // That it cannot be trusted was told already; this would have been an addition.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(looking.thumbprint);
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
