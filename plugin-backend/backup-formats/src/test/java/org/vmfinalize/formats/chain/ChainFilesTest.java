package org.vmfinalize.formats.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.kit.FolderFile;

/// All files of a chain share what may be looked at before it is opened.
class ChainFilesTest {

    private static final int MEBI = 1 << 20;

    @TempDir
    Path folder;

    private ChainFiles files;

    @BeforeEach
    void beginsAChain() throws IOException {
        try (var file = new FolderFile(Files.createFile(folder.resolve("file")))) {
            files = new ChainFiles(file);
        }
    }

    @Test
    void directoriesAreCheckedUpTo4MiEntriesInAll() {
        assertThat(files.checksEntries(3 * MEBI)).isTrue();
        assertThat(files.checksEntries(2 * MEBI)).isFalse();
        assertThat(files.checksEntries(MEBI)).isTrue();
        assertThat(files.checksEntries(1)).isFalse();
    }

    @Test
    void eachFileMayHaveHalfOfTheTablesThatAreLeftChecked() {
        int all = 0;
        int first = files.tablesToCheck(MEBI);
        for (int count = first; count > 0; count = files.tablesToCheck(MEBI)) {
            for (int i = 0; i < count; i++) {
                files.checkedTable(MEBI);
                all++;
            }
        }

        assertThat(first).isEqualTo(8);
        assertThat(all).isEqualTo(15);
    }
}
