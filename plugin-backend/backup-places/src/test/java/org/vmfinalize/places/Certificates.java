package org.vmfinalize.places;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.vmfinalize.trust.ClientCertificate;

/// A certificate authority of its own and a server's certificate by it, made by OpenSSL, under the names that nbdkit and
/// QEMU look for.
///
/// @param folder holds `ca-cert.pem`, `server-cert.pem`, `server-key.pem`, `client-cert.pem`, `client-key.pem`
public record Certificates(Path folder) {

    /// Makes them in a folder `pki`.
    ///
    /// @param subject the server's name, such as `IP:127.0.0.1`
    public static Certificates make(Path parent, String subject) throws IOException {
        Programs.require("openssl", "openssl");
        var folder = Files.createDirectory(parent.resolve("pki"));
        Files.writeString(folder.resolve("extensions"), "subjectAltName=" + subject);
        Programs.run(folder, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", "ca-key.pem", "-out", "ca-cert.pem", "-subj", "/CN=test authority", "-days", "2");
        Programs.run(folder, "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout", "server-key.pem", "-out", "server.csr", "-subj", "/CN=test server");
        Programs.run(folder, "openssl", "x509", "-req", "-in", "server.csr", "-CA", "ca-cert.pem", "-CAkey",
                "ca-key.pem", "-CAcreateserial", "-days", "2", "-extfile", "extensions", "-out",
                "server-cert.pem");
        Programs.run(folder, "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", "client-key.pem", "-out", "client.csr", "-subj", "/CN=test client");
        Programs.run(folder, "openssl", "x509", "-req", "-in", "client.csr", "-CA", "ca-cert.pem", "-CAkey",
                "ca-key.pem", "-CAcreateserial", "-days", "2", "-out", "client-cert.pem");
        return new Certificates(folder);
    }

    public Path authority() {
        return folder.resolve("ca-cert.pem");
    }

    /// What a client shows.
    public ClientCertificate client() {
        return new ClientCertificate(folder.resolve("client-cert.pem"), folder.resolve("client-key.pem"));
    }

    /// TLS settings of a server that has the certificate.
    public SSLContext server() throws IOException {
        Programs.run(folder, "openssl", "pkcs12", "-export", "-in", "server-cert.pem", "-inkey",
                "server-key.pem", "-out", "server.p12", "-passout", "pass:test");
        try (var in = Files.newInputStream(folder.resolve("server.p12"))) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, "test".toCharArray());
            var keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, "test".toCharArray());
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /// SHA-256 of the server's certificate.
    public String thumbprint() throws IOException {
        String line = Programs.run(folder, "openssl", "x509", "-in", "server-cert.pem", "-noout",
                "-fingerprint", "-sha256");
        return line.substring(line.indexOf('=') + 1).strip();
    }
}
