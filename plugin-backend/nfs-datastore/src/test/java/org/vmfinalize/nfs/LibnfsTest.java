package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.BackupReference;

/// The tools of libnfs as judges. They are told the ports, so that no portmapper is needed.
class LibnfsTest {

    @TempDir
    private Path directory;
    private final byte[] content = TestBackup.mixed(3 << 20, 21);
    private TestExport export;

    @BeforeEach
    void start() throws IOException {
        Command.need("nfs-ls", "libnfs-utils");
        export = new TestExport(Files.createDirectory(directory.resolve("ds")), _ -> new TestBackup(content));
    }

    @AfterEach
    void stop() throws IOException {
        if (export != null) {
            export.close();
        }
    }

    private String url(String path) {
        return "nfs://127.0.0.1/ds/%s?nfsport=%d&mountport=%d".formatted(path, export.ports().nfs(),
                export.ports().mount());
    }

    @Test
    void filesAreCopiedThereAndBackAndListed() throws Exception {
        Path file = Files.write(directory.resolve("file"), content);

        Command.outputOf("nfs-cp", file.toString(), url("copy"));

        assertThat(export.directory.resolve("copy")).hasSameBinaryContentAs(file);
        assertThat(Command.outputOf("nfs-ls", url(""))).contains("copy")
                .contains(Integer.toString(content.length))
                .doesNotContain(".vmfinalize");
        assertThat(catOf("copy")).isEqualTo(content);
    }

    private byte[] catOf(String path) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        var process = new ProcessBuilder("nfs-cat", url(path)).redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertThat(process.waitFor()).isZero();
        return Files.readAllBytes(output);
    }

    @Test
    void aDirectoryOfManyPagesIsListedWhole() throws Exception {
        for (int i = 0; i < 1000; i++) {
            Files.createFile(export.directory.resolve("file-%04d-%s".formatted(i, "x".repeat(i % 200))));
        }

        List<String> lines = Command.outputOf("nfs-ls", url("")).lines().toList();

        assertThat(lines).hasSize(1000).doesNotHaveDuplicates();
    }

    @Test
    void aLiveDiskIsTheBackupAndStaysItWhenItIsSealed() throws Exception {
        var instant = export.datastore().create("web", BackupReference.at("memory"));
        String flat = "web/" + instant.disks().getFirst().flatFile().getFileName();
        assertThat(Arrays.equals(catOf(flat), content)).isTrue();

        Hydration.hydrateAndSeal(instant);

        assertThat(Arrays.equals(catOf(flat), content)).isTrue();
    }
}
