package org.vmfinalize.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.kit.Disks;

/// The table of one format on the page about formats: what comparisons with QEMU have proved, one row for each variant.
///
/// A test compares its images here, and at its end asks whether the page says what came of it.
public final class ProvenTable {

    /// With this property the table is written into the page instead of being compared with it.
    private static final String WRITE = "vmfinalize.write-pages";

    private static final Path PAGE = Path.of("../../docs/formats.md");
    private static final List<String> HEADINGS = List.of("image", "made", "bytes", "zeros", "order",
            "remark");

    private final String format;
    private final Map<String, String> remarks;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /// What was proved of all images of one variant.
    ///
    /// @param begun how many were to be compared
    /// @param proven how many were, without a finding
    /// @param mapped whether the zeros were compared with `qemu-img map`
    private record Row(int begun, int proven, boolean mapped) {}

    /// @param format as the page calls it
    /// @param remarks what else is to be said, by variant
    public ProvenTable(String format, Map<String, String> remarks) {
        this.format = format;
        this.remarks = remarks;
    }

    /// One image, and what QEMU knows of it.
    ///
    /// @param variant what the page calls this and its like
    /// @param file its name in QEMU's folder
    /// @param qemuFormat QEMU's name of the format
    /// @param mapTells whether `qemu-img map` sees its zeros in the tables and not in the holes of a file
    public record Image(String variant, String file, String qemuFormat, boolean mapTells) {}

    /// Compares a disk with what QEMU reads of the same image: its bytes, its extents and its order of reading.
    ///
    /// @param seed told when an assertion fails
    public void compare(Image image, BackupDisk disk, Qemu qemu, long seed) throws IOException {
        var variant = image.variant();
        rows.merge(variant, new Row(1, 0, image.mapTells()),
                (old, _) -> new Row(old.begun() + 1, old.proven(), old.mapped() && image.mapTells()));
        byte[] expected = qemu.bytesOf(image.file(), image.qemuFormat());
        Disks.assertReads(disk, expected, seed);
        Disks.assertExtentsAreTrue(disk, expected);
        Disks.assertReadOrderIsComplete(disk);
        if (image.mapTells()) {
            Qemu.assertAgreesWithMap(disk, qemu.map(image.file(), image.qemuFormat()));
        }
        rows.computeIfPresent(variant, (_, row) -> new Row(row.begun(), row.proven() + 1, row.mapped()));
    }

    /// Compares the page with what was proved, or writes it there. Where nothing was compared, for want of QEMU, nothing is
    /// said.
    public void assertIsOnThePage() throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        String page = Files.readString(PAGE);
        String begin = "<!-- proven: %s -->\n".formatted(format);
        int start = page.indexOf(begin) + begin.length();
        int end = page.indexOf("<!-- end -->", start);
        assertThat(page).contains(begin);
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, page.substring(0, start) + "\n" + table() + "\n" + page.substring(end));
        } else {
            assertThat(page.substring(start, end).strip())
                    .as("%s of docs/formats.md; mvn test -pl plugin-backend/backup-formats -am -Dtest='*AgainstQemuTest' -Dsurefire.failIfNoSpecifiedTests=false -D%s=true writes it",
                            format, WRITE)
                    .isEqualTo(table().strip());
        }
    }

    private String table() {
        var table = new StringBuilder(line(HEADINGS)).append("| --- | ---: | --- | --- | --- | --- |\n");
        rows.forEach((variant, row) -> {
            if (row.proven() == row.begun()) {
                table.append(line(List.of(variant, String.valueOf(row.proven()), "same",
                        row.mapped() ? "same" : "true", "complete", remarks.getOrDefault(variant, ""))));
            }
        });
        return table.toString();
    }

    private static String line(List<String> cells) {
        return ("| " + String.join(" | ", cells) + " |\n").replace("|  |", "| |");
    }
}
