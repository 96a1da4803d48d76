package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// A VM's disk that was finalized with verification, compared with its receipt by the command line's `verify`.
@TestInstance(Lifecycle.PER_CLASS)
class CommandLineVerifyTest {

    private CommandLineLab lab;
    private Path receipt;
    private Path disk;

    @BeforeAll
    void finalizeAVm(@TempDir Path folder) throws IOException, InterruptedException {
        lab = CommandLineLab.start(folder);
        lab.site().api()
                .run(Map.of("name", "proven-01", "backup", lab.backup("proven-01", 4 << 20).toString(),
                        "datastore", LabSite.DATASTORE));
        receipt = folder.resolve("proven-01.receipt.json");
        var done = lab.run("finalize", "proven-01", "--verify", "--output", "json");
        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(lab.run("receipt", "proven-01", "--file", receipt.toString())).returns(0,
                CommandRun::status);
        disk = folder.resolve("datastore/proven-01/disk-0-flat.vmdk");
    }

    @AfterAll
    void stop() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    private CommandRun verify() throws IOException, InterruptedException {
        return lab.run("verify", receipt.toString(), "--datastore",
                lab.folder().resolve("datastore").toString());
    }

    private void flip(long position) throws IOException {
        try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.seek(position);
            int old = file.read();
            file.seek(position);
            file.write(old ^ 1);
        }
    }

    @Test
    void aByteThatWasFlippedIsNamedWithItsDiskAndBlock() throws IOException, InterruptedException {
        assertThat(verify()).returns(0, CommandRun::status)
                .returns("disk disk-0: right, as it was when it was sealed" + System.lineSeparator(),
                        CommandRun::output);

        flip(3_000_000);

        assertThat(verify()).returns(1, CommandRun::status).extracting(CommandRun::output).asString()
                .contains("disk disk-0: wrong: its block of 4096 bytes at 2998272 is the first that changed");
        flip(3_000_000);
        assertThat(verify()).returns(0, CommandRun::status);
    }

    @Test
    void aReceiptThatWasChangedIsRefused() throws IOException, InterruptedException {
        var changed = lab.folder().resolve("changed.json");
        Files.writeString(changed, Files.readString(receipt).replace("\"proven-01\"", "\"proven-02\""));

        assertThat(lab.run("verify", changed.toString(), disk.toString())).returns(1, CommandRun::status)
                .extracting(CommandRun::errors).asString()
                .contains("its signature must be right but is wrong");
    }
}
