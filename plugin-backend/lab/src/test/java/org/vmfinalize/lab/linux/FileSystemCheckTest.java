package org.vmfinalize.lab.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The proof of a booted guest's disk can fail.
class FileSystemCheckTest {

    @TempDir
    Path folder;

    private FileSystemBackup backup;
    private Path disk;

    @BeforeEach
    void makeDisk() throws IOException {
        for (var program : Stream
                .of(Program.QEMU_IMG, Program.MAKE_EXT4, Program.CHECK_EXT4, Program.READ_EXT4)
                .toList()) {
            Assumptions.assumeTrue(program.find().isPresent(),
                    "install Debian package " + program.debianPackage());
        }
        backup = FileSystemBackup.make(folder.resolve("a backup"), 7, FileSystemBackup.SMALLEST_BYTES,
                BackupImages.QCOW2);
        disk = folder.resolve("disk.raw");
        Program.QEMU_IMG.succeed("convert", "-O", "raw", backup.top().toString(), disk.toString());
    }

    @Test
    void theBackupIsSoundAndHasTheFilesOfBothItsImages() throws Exception {
        var check = check();

        assertThat(check.isSound()).as("%s", check).isTrue();
        assertThat(check.files()).isEqualTo(backup.known().size());
        assertThat(backup.known()).extracting(KnownFile::path).anyMatch(path -> path.startsWith("full/"))
                .anyMatch(path -> path.startsWith("later/"));
        try (var files = Files.list(folder.resolve("a backup"))) {
            assertThat(files).containsExactlyInAnyOrderElementsOf(backup.files());
        }
    }

    @Test
    void aFileThatIsMissingOrAnotherOneIsNamed() throws Exception {
        var first = backup.known().getFirst();
        var expected = new ArrayList<>(backup.known());
        expected.set(0, new KnownFile(first.path(), Checksums.of(new byte[1])));
        expected.add(new KnownFile("full/none", first.sha256()));

        var check = FileSystemCheck.of(disk, expected, folder.resolve("all files"));

        assertThat(check.isSound()).isFalse();
        assertThat(check.wrong()).containsExactly(first.path(), "full/none");
    }

    @Test
    void aFileSystemWithoutAFolderItRefersToIsNotClean() throws Exception {
        Program.READ_EXT4.succeed("-w", "-R", "clri /slots", disk.toString());

        assertThat(check().clean()).isFalse();
    }

    private FileSystemCheck check() throws IOException {
        return FileSystemCheck.of(disk, backup.known(), folder.resolve("all files"));
    }
}
