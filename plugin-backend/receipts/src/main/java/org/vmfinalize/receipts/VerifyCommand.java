package org.vmfinalize.receipts;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `verify`: reads finished disks again and compares them with their receipt. Needs neither server nor backup.
@Command(name = "verify", sortOptions = false, description = {
        "Read finished disks again, and name the first block that is not as it was when the disk was sealed.",
        "Exit status: 0 all are right; 1 some are not, or could not be read; 2 wrong arguments."}, footer = {
                "", "Example:",
                "  vm-finalize verify web-01.receipt.json --datastore /srv/instant-1"})
public final class VerifyCommand implements Callable<Integer> {

    private static final int RIGHT = 0;
    private static final int WRONG = 1;

    @Parameters(index = "0", paramLabel = "RECEIPT", description = "The receipt, a JSON file.")
    private Path receipt = Path.of("");

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE", description = "The disks' flat files. Default: where the receipt says, see --datastore.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--datastore", paramLabel = "FOLDER", defaultValue = ".", description = "The folder that the receipt's file names start from. Default: the current one.")
    private Path datastore = Path.of(".");

    @Option(names = "--key", paramLabel = "FILE", description = "The server's public key, receipt-key.pem, that must have signed the receipt. Without it, whoever changed the receipt may have signed it anew.")
    private @Nullable Path key;

    @Option(names = "--threads", paramLabel = "NUMBER", description = "How many threads read. Default: one per processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        try {
            return check(Objects.requireNonNull(command).commandLine().getOut());
        } catch (NoSuchFileException e) {
            throw new IOException("%s: must be a file but there is none".formatted(e.getFile()), e);
        }
    }

    private int check(PrintWriter out) throws IOException, GeneralSecurityException {
        var signed = SignedReceipt.read(receipt.toString(), Files.readAllBytes(receipt));
        requireKey(signed);
        int status = RIGHT;
        for (var disk : signed.receipt().disks()) {
            var found = DiskFound.check(disk, file(disk, signed.receipt().disks()), Math.max(1, threads));
            out.println(found.text());
            status = found.right() ? status : WRONG;
        }
        out.flush();
        return status;
    }

    private void requireKey(SignedReceipt signed) throws IOException, GeneralSecurityException {
        if (key != null && !Ed25519.publicKey(Files.readString(key)).equals(signed.signer())) {
            throw new IOException("%s: receipt: must be signed with the key %s but is signed with another"
                    .formatted(receipt, key));
        }
    }

    /// The file that was named for a disk: the only one for the only disk, else the one with the disk's file name.
    private Path file(Receipt.Disk disk, List<Receipt.Disk> disks) throws IOException {
        if (files.isEmpty()) {
            return datastore.resolve(disk.file());
        }
        if (files.size() == 1 && disks.size() == 1) {
            return files.getFirst();
        }
        var name = Path.of(disk.file()).getFileName();
        return files.stream().filter(file -> name.equals(file.getFileName())).findFirst()
                .orElseThrow(() -> new IOException(
                        "disk %s: a file %s must be named but is not; name it, or none at all"
                                .formatted(disk.name(), name)));
    }
}
