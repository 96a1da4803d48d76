package org.vmfinalize.lab.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// What a guest's kernel said on its console.
///
/// @param console a file to which it is written
record KernelLog(Path console) {

    /// How Linux complains of a disk: the block layer, ext4, its journal, and tasks that have waited for minutes.
    private static final Pattern COMPLAINT = Pattern.compile(
            "I/O error|blk_update_request|EXT4-fs \\((?!.*(mounted|unmounting))|EXT4-fs (error|warning)|JBD2:"
                    + "|Aborting journal|Remounting filesystem|hung task|blocked for more than|Kernel panic|BUG:|Oops");

    /// The lines that tell of an error of the disk, or of worse.
    List<String> complaints() throws IOException {
        return lines().stream().filter(line -> COMPLAINT.matcher(line).find()).toList();
    }

    /// The last line, for a guest that has ended unexpectedly.
    String lastLine() throws IOException {
        var lines = lines();
        return lines.isEmpty() ? "its kernel said nothing" : lines.getLast();
    }

    private List<String> lines() throws IOException {
        if (!Files.exists(console)) {
            return List.of();
        }
        // Whatever comes over a serial line is a character.
        return Files.readString(console, StandardCharsets.ISO_8859_1).lines().map(String::strip)
                .filter(line -> !line.isEmpty()).toList();
    }
}
