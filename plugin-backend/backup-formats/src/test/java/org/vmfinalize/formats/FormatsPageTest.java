package org.vmfinalize.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.formats.qcow2.Qcow2AgainstQemuTest;
import org.vmfinalize.formats.vhd.VhdAgainstQemuTest;
import org.vmfinalize.formats.vmdk.VmdkAgainstQemuTest;

/// The page about formats says what the tests show, no more and no less.
class FormatsPageTest {

    private static final Path PAGE = Path.of("../../docs/formats.md");

    @Test
    void thePageListsTheQcow2ImagesThatAreComparedWithQemu() throws IOException {
        assertThat(rowsOf("qcow2")).isEqualTo(Qcow2AgainstQemuTest.variants());
    }

    @Test
    void thePageListsTheVmdkDisksThatAreComparedWithQemu() throws IOException {
        assertThat(rowsOf("vmdk")).isEqualTo(VmdkAgainstQemuTest.variants());
    }

    @ParameterizedTest
    @CsvSource({"vhd, vpc", "vhdx, vhdx"})
    void thePageListsTheDisksOfHyperVThatAreComparedWithQemu(String format, String qemuFormat)
            throws IOException {
        assertThat(rowsOf(format)).isEqualTo(VhdAgainstQemuTest.variants(qemuFormat));
    }

    /// The second column of the rows of the comparison that have `format` in the first one.
    private static Set<String> rowsOf(String format) throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("## Read, and compared with QEMU");
        String compared = page.substring(start, page.indexOf("\n## ", start));
        return Pattern.compile("(?m)^\\| " + format + " \\| (.+?) \\|").matcher(compared).results()
                .map((MatchResult row) -> row.group(1)).collect(Collectors.toSet());
    }
}
