package org.vmfinalize.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StandaloneServerTest {

    @TempDir
    Path folder;

    private String[] arguments(Path backup) {
        return new String[]{"--datastore", folder.resolve("ds").toString(), "--export", "/ds", "--scratch",
                folder.resolve("scratch").toString(), "--backup", backup.toString(), "--vm", "vm1", "--disk",
                "disk1",
                "--nfs-port", "0", "--mount-port", "0", "--portmapper-port", "0"};
    }

    @Test
    void servesADiskUnderItsNameAndCompletesIt() throws Exception {
        byte[] content = new byte[3 << 20];
        new Random(7).nextBytes(content);
        Path backup = Files.write(folder.resolve("top.raw"), content);
        var toServer = new PipedOutputStream();
        var fromServer = new PipedInputStream();
        var in = new PipedInputStream(toServer);
        var out = new PrintStream(new PipedOutputStream(fromServer), true, StandardCharsets.UTF_8);
        var server = CompletableFuture
                .supplyAsync(() -> StandaloneServer.run(in, out, System.err, arguments(backup)));
        var lines = new BufferedReader(new InputStreamReader(fromServer, StandardCharsets.UTF_8));

        assertThat(lines.readLine()).matches("ready nfs \\d+ mount \\d+ portmapper \\d+");
        Path flat = folder.resolve("ds/vm1/disk1-flat.vmdk");
        assertThat(Files.size(flat)).isEqualTo(content.length);
        say(toServer, "finalize");
        assertThat(lines.readLine()).isEqualTo("completed");
        assertThat(flat).hasBinaryContent(content);
        var receipt = lines.readLine();
        assertThat(receipt).startsWith("receipt ");
        assertThat(Path.of(receipt.substring("receipt ".length()))).isRegularFile();
        say(toServer, "stop");

        assertThat(server.get(30, TimeUnit.SECONDS)).isZero();
    }

    private static void say(OutputStream to, String line) throws IOException {
        to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        to.flush();
    }

    @Test
    void saysWhichBackupIsNotThere() {
        var err = new ByteArrayOutputStream();

        int status = StandaloneServer.run(InputStream.nullInputStream(), System.out,
                new PrintStream(err, true, StandardCharsets.UTF_8), arguments(folder.resolve("none.qcow2")));

        assertThat(status).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("none.qcow2", "no such file");
    }
}
