package org.vmfinalize.lab.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The comparison of a file system, that nobody uses any more, with what it must be.
///
/// @param clean whether `e2fsck` finds nothing wrong
/// @param said what `e2fsck` says of it
/// @param files how many files were compared
/// @param wrong the files that are not there or not as they must be
public record FileSystemCheck(boolean clean, String said, int files, List<String> wrong) {

    public FileSystemCheck {
        wrong = List.copyOf(wrong);
    }

    /// Whether all is as it must be.
    public boolean isSound() {
        return clean && wrong.isEmpty();
    }

    /// Checks the file system in a raw disk, and reads its files with `debugfs`.
    ///
    /// @param folder for a copy of the files
    public static FileSystemCheck of(Path disk, List<KnownFile> expected, Path folder) throws IOException {
        var check = Program.CHECK_EXT4.run("-fn", disk.toString());
        Files.createDirectories(folder);
        Program.READ_EXT4.succeed("-R", "rdump / \"%s\"".formatted(folder), disk.toString());
        var wrong = expected.stream().filter(file -> !isThere(folder.resolve(file.path()), file))
                .map(KnownFile::path).toList();
        return new FileSystemCheck(check.status() == 0, check.output(), expected.size(), wrong);
    }

    private static boolean isThere(Path file, KnownFile expected) {
        try {
            return Files.exists(file) && Checksums.of(file).equals(expected.sha256());
        } catch (IOException _) {
            return false; // debugfs makes what it cannot read unreadable, too
        }
    }
}
