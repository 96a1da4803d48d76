package org.vmfinalize.server.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.vmfinalize.server.file.WholeFile;

/// Keeps the server's certificate in a folder, so that the thumbprint that vCenter pins outlives a restart.
///
///     server.p12            the key and the certificate
///     server.p12.password   its random password, readable by the owner alone
///     server.pem            the certificate, for those who want to trust it
///     thumbprint            its SHA-256 digest, one line
public final class CertificateStore {

    private static final Duration RENEW_BEFORE = Duration.ofDays(30);

    private CertificateStore() {}

    /// The certificate in `folder`; makes one if there is none, or if that one ends within 30 days.
    ///
    /// @param hosts see [SelfSignedCertificate#create(List)]; looked at only when one is made
    /// @throws IOException if the files cannot be read or written, or contradict each other
    public static SelfSignedCertificate openOrCreate(Path folder, List<String> hosts) throws IOException {
        var keyStoreFile = folder.resolve("server.p12");
        var certificate = Files.exists(keyStoreFile) ? open(keyStoreFile) : null;
        if (certificate == null || endsSoon(certificate)) {
            certificate = SelfSignedCertificate.create(hosts);
            save(certificate, keyStoreFile);
        }
        WholeFile.write(folder.resolve("server.pem"), certificate.pem().getBytes(UTF_8), "rw-r--r--");
        WholeFile.write(folder.resolve("thumbprint"), (certificate.thumbprint() + "\n").getBytes(UTF_8),
                "rw-r--r--");
        return certificate;
    }

    private static boolean endsSoon(SelfSignedCertificate certificate) {
        return certificate.certificate().getNotAfter().toInstant().isBefore(Instant.now().plus(RENEW_BEFORE));
    }

    private static SelfSignedCertificate open(Path keyStoreFile) throws IOException {
        try (var in = Files.newInputStream(keyStoreFile)) {
            var password = Files.readString(passwordFile(keyStoreFile)).strip();
            var keyStore = KeyStore.getInstance("PKCS12");
            keyStore.load(in, password.toCharArray());
            if (!keyStore.isKeyEntry(SelfSignedCertificate.ALIAS)) {
                throw new IOException("it has no key named '" + SelfSignedCertificate.ALIAS + "'");
            }
            return new SelfSignedCertificate(keyStore, password);
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(
                    "%s: the server's key store cannot be opened: %s; delete it to have a new one made"
                            .formatted(keyStoreFile, e.getMessage()),
                    e);
        }
    }

    private static void save(SelfSignedCertificate certificate, Path keyStoreFile) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try {
            certificate.keyStore().store(bytes, certificate.password().toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IOException("%s: the server's key store cannot be written".formatted(keyStoreFile), e);
        }
        // The password first: a crash between the two leaves no key store, and the next start makes both anew.
        Files.deleteIfExists(keyStoreFile);
        WholeFile.write(passwordFile(keyStoreFile), certificate.password().getBytes(UTF_8), "rw-------");
        WholeFile.write(keyStoreFile, bytes.toByteArray(), "rw-------");
    }

    private static Path passwordFile(Path keyStoreFile) {
        return keyStoreFile.resolveSibling(keyStoreFile.getFileName() + ".password");
    }
}
