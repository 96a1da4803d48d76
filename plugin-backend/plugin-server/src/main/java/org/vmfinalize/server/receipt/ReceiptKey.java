package org.vmfinalize.server.receipt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.vmfinalize.receipts.Ed25519;
import org.vmfinalize.server.file.WholeFile;

/// The key that a server signs receipts with. It is made once and kept, unlike the TLS certificate, which ends one day:
/// receipts are looked at years later.
///
///     receipt-key.p8    the private key, PKCS #8 in PEM, readable by the owner alone
///     receipt-key.pem   the public key, for those who want to check receipts
final class ReceiptKey {

    private ReceiptKey() {}

    /// The key in a folder; makes one if there is none.
    ///
    /// @throws IOException if it cannot be read or written, or its two halves do not fit
    static KeyPair openOrCreate(Path folder) throws IOException {
        var privateFile = folder.resolve("receipt-key.p8");
        var publicFile = folder.resolve("receipt-key.pem");
        if (!Files.exists(privateFile)) {
            var pair = Ed25519.generate();
            // The public half first: a crash between the two leaves no private one, and both are made anew.
            WholeFile.write(publicFile, Ed25519.pem(pair.getPublic()).getBytes(US_ASCII), "rw-r--r--");
            WholeFile.write(privateFile, Ed25519.pem(pair.getPrivate()).getBytes(US_ASCII), "rw-------");
        }
        try {
            var pair = new KeyPair(Ed25519.publicKey(Files.readString(publicFile)),
                    Ed25519.privateKey(Files.readString(privateFile)));
            if (!Ed25519.isPair(pair.getPrivate(), pair.getPublic())) {
                throw new GeneralSecurityException("they do not belong together");
            }
            return pair;
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(
                    "%s, %s: must be the two halves of the key for receipts but are not: %s; put them back, or move both away to have a new one made"
                            .formatted(privateFile, publicFile.getFileName(), e.getMessage()),
                    e);
        }
    }
}
