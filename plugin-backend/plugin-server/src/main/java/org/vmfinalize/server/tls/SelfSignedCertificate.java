package org.vmfinalize.server.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A key and a certificate that vouches for itself, for a server whose clients pin its thumbprint.
///
/// The key is RSA of 3072 bits: every vCenter from 7.0 on takes it, which does not hold for elliptic curves. The
/// certificate is valid for ten years, since each change of it has to reach every vCenter that pins it.
///
/// **Threads:** immutable; the key store is to be read only.
public final class SelfSignedCertificate {

    static final String ALIAS = "server";

    private static final int KEY_BITS = 3072;
    private static final Duration VALIDITY = Duration.ofDays(3650);

    private final KeyStore keyStore;
    private final String password;

    SelfSignedCertificate(KeyStore keyStore, String password) {
        this.keyStore = keyStore;
        this.password = password;
    }

    /// Makes a key and a certificate for `hosts`; nothing is written to disk.
    ///
    /// @param hosts host names and IP addresses for the subject alternative names, at least one; the first one is the
    ///        common name as well
    /// @throws IllegalArgumentException if there is no host
    public static SelfSignedCertificate create(List<String> hosts) {
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException(
                    "certificate: at least one host name or address must be given but there was none");
        }
        var random = new SecureRandom();
        var password = randomText(random);
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS, random);
            var keys = generator.generateKeyPair();
            var keyStore = KeyStore.getInstance("PKCS12");
            keyStore.load(null, null);
            keyStore.setKeyEntry(ALIAS, keys.getPrivate(), password.toCharArray(),
                    new Certificate[]{sign(keys, hosts, random)});
            return new SelfSignedCertificate(keyStore, password);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("certificate: making one failed: " + e.getMessage(), e);
        }
    }

    private static X509Certificate sign(KeyPair keys, List<String> hosts, SecureRandom random)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        var now = Instant.now();
        // X.520 allows 64 characters in a common name; clients look at the alternative names only.
        var host = hosts.getFirst();
        var name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "vm-finalize")
                .addRDN(BCStyle.CN, host.length() <= 64 ? host : host.substring(0, 64))
                .build();
        var names = hosts.stream().distinct().map(SelfSignedCertificate::alternativeName)
                .toArray(GeneralName[]::new);
        var builder = new JcaX509v3CertificateBuilder(name, new BigInteger(159, random).setBit(158),
                // An hour back: the clocks of vCenter and of this server may differ.
                Date.from(now.minus(Duration.ofHours(1))), Date.from(now.plus(VALIDITY)), name,
                keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true,
                        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment))
                .addExtension(Extension.extendedKeyUsage, false,
                        new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        var signer = new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate());
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private static GeneralName alternativeName(String host) {
        boolean address = host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || host.contains(":");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    private static String randomText(SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// A PKCS12 key store with the one entry `server`, which [#password()] protects.
    public KeyStore keyStore() {
        return keyStore;
    }

    /// The password of the key store and of its entry.
    public String password() {
        return password;
    }

    public X509Certificate certificate() {
        try {
            return (X509Certificate) keyStore.getCertificate(ALIAS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificate: the key store cannot be read: " + e.getMessage(),
                    e);
        }
    }

    /// The certificate in the strict form of RFC 7468: lines of 64 characters, LF, a line feed at the end.
    public String pem() {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(encoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    /// The SHA-256 digest of the certificate as vSphere writes it: 32 pairs of upper-case hexadecimal digits with
    /// colons between them.
    public String thumbprint() {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(encoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificate: this Java has no SHA-256", e);
        }
    }

    /// A TLS context for a server that identifies itself by this certificate.
    public SSLContext serverContext() {
        try {
            var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keyStore, password.toCharArray());
            var context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificate: it cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    private byte[] encoded() {
        try {
            return certificate().getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificate: it cannot be encoded: " + e.getMessage(), e);
        }
    }
}
