package org.vmfinalize.vcenter.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.vmfinalize.vcenter.VCenterAddress;

/// The certificate of a server on the own machine, to which no impostor has a shorter way than we.
final class Certificates {

    private Certificates() {}

    static boolean isOwnMachine(URI url) throws IOException {
        return InetAddress.getByName(url.getHost()).isLoopbackAddress();
    }

    static VCenterAddress pinned(URI url) throws IOException {
        return "https".equals(url.getScheme())
                ? VCenterAddress.pinned(url, thumbprint(url))
                : VCenterAddress.of(url);
    }

    private static String thumbprint(URI url) throws IOException {
        var seen = new AtomicReference<X509Certificate>();
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{new Looking(seen)}, null);
            int port = url.getPort() < 0 ? 443 : url.getPort();
            try (var socket = (SSLSocket) context.getSocketFactory().createSocket(url.getHost(), port)) {
                socket.startHandshake();
            }
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(seen.get().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("%s: its certificate cannot be read".formatted(url), e);
        }
    }

    /// Keeps the certificate; nothing but the handshake is ever said over this connection.
    private static final class Looking extends X509ExtendedTrustManager {

        private final AtomicReference<X509Certificate> seen;

        private Looking(AtomicReference<X509Certificate> seen) {
            this.seen = seen;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            seen.set(chain[0]);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            seen.set(chain[0]);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            seen.set(chain[0]);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
