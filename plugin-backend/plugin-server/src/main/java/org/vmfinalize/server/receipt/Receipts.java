package org.vmfinalize.server.receipt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Optional;
import java.util.UUID;
import org.vmfinalize.receipts.Ed25519;
import org.vmfinalize.receipts.Receipt;
import org.vmfinalize.receipts.SignedReceipt;
import org.vmfinalize.server.file.WholeFile;

/// The receipts that a server has made: `receipts/ID.json` in its data directory, and its key beside them. `ID.sealing` is
/// what is known of a job whose disks are being sealed: after that, nobody would know it again.
///
/// **Threads:** any number.
public final class Receipts {

    private final Path folder;
    private final KeyPair key;

    private Receipts(Path folder, KeyPair key) {
        this.folder = folder;
        this.key = key;
    }

    /// The receipts in a data directory; makes its key at the first time.
    ///
    /// @param dataDirectory exists; the owner alone may look into it
    public static Receipts in(Path dataDirectory) throws IOException {
        return new Receipts(Files.createDirectories(dataDirectory.resolve("receipts")),
                ReceiptKey.openOrCreate(dataDirectory));
    }

    /// Signs and stores a receipt.
    ///
    /// @return where it is
    public Path issue(Receipt receipt) throws IOException {
        Path file = file(receipt.finalization());
        WholeFile.write(file, SignedReceipt.sign(receipt, key), "rw-r--r--");
        return file;
    }

    /// Keeps, durably, what the receipt of a job will say, before its disks are sealed.
    public void keep(Receipt draft) throws IOException {
        WholeFile.write(draftOf(draft.finalization()), SignedReceipt.sign(draft, key), "rw-r--r--");
    }

    /// What was kept of a job.
    ///
    /// @throws IOException if it is damaged, or somebody else signed it
    public Optional<Receipt> kept(String finalization) throws IOException {
        Path file = draftOf(finalization);
        return Files.exists(file)
                ? Optional.of(signedHere(file, Files.readAllBytes(file)))
                : Optional.empty();
    }

    /// Lets go of what was kept: the job is over, or its receipt is issued.
    public void dropKept(String finalization) throws IOException {
        Files.deleteIfExists(draftOf(finalization));
    }

    private Path draftOf(String finalization) {
        return folder.resolve(finalization + ".sealing");
    }

    /// Whether there is a receipt of that finalization.
    public boolean exists(String finalization) {
        return isId(finalization) && Files.exists(file(finalization));
    }

    /// The text of a receipt.
    public Optional<byte[]> text(String finalization) throws IOException {
        return exists(finalization) ? Optional.of(Files.readAllBytes(file(finalization))) : Optional.empty();
    }

    /// A receipt that this server has signed.
    ///
    /// @throws IOException if it is damaged, or somebody else signed it
    Optional<Receipt> find(String finalization) throws IOException {
        var text = text(finalization);
        return text.isEmpty() ? Optional.empty() : Optional.of(signedHere(file(finalization), text.get()));
    }

    private Receipt signedHere(Path file, byte[] text) throws IOException {
        var signed = SignedReceipt.read(file.toString(), text);
        if (!signed.signer().equals(key.getPublic())) {
            throw new IOException("%s: receipt: must be signed by this server but is signed by another"
                    .formatted(file));
        }
        return signed.receipt();
    }

    /// What this server's receipts are checked with, in PEM.
    public String publicKey() {
        return Ed25519.pem(key.getPublic());
    }

    private Path file(String finalization) {
        return folder.resolve(finalization + ".json");
    }

    private static boolean isId(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
