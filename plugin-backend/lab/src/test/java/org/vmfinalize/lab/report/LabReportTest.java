package org.vmfinalize.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.guest.DiskCheck;
import org.vmfinalize.lab.guest.GuestReport;
import org.vmfinalize.lab.report.LabReport.BackupSummary;
import org.vmfinalize.lab.report.LabReport.DiskSummary;
import org.vmfinalize.lab.report.LabReport.FinalizationSummary;
import org.vmfinalize.lab.report.LabReport.ReceiptSummary;
import org.vmfinalize.lab.report.LabReport.VmSummary;
import tools.jackson.databind.json.JsonMapper;

class LabReportTest {

    private static final DiskCheck GOOD = new DiskCheck("ab12", "ab12", OptionalLong.empty());
    private static final DiskCheck BAD = new DiskCheck("ab12", "cd34", OptionalLong.of(4096));

    @TempDir
    Path folder;

    @Test
    void saysInSixLinesWhatWasProven() {
        assertThat(report(GOOD, List.of(), List.of()).lines()).containsExactly(
                "finalized shop-01 in 12.3 s (thin); 512 MiB hydrated, 3.0 MiB written by the guest meanwhile",
                "receipt: signed (Ed25519), each block proven: 131072 blocks are the backup's, 768 the guest's, 130304 zeros; digest tree 77ab",
                "guest: 700 reads, 300 writes, errors 0, longest I/O 17 ms, 99 % within 4.5 ms",
                "disk verified: identical to backup ⊕ changes, through NFS and as a file (SHA-256 ab12; expected from"
                        + " qemu-img)",
                "backup: no longer open", "VM: shop-02, regular");
    }

    @Test
    void namesEachThingThatWasNotProven() {
        var lines = report(BAD, List.of("/backups/a.qcow2"),
                List.of("the disk differs", "the backup is open")).lines();

        assertThat(lines)
                .contains("disk: NOT identical to backup ⊕ changes", "backup: still open: /backups/a.qcow2",
                        "NOT PROVEN: the disk differs", "NOT PROVEN: the backup is open")
                .noneMatch(line -> line.contains("verified"));
    }

    @Test
    void isProvenOnlyWithoutAnyProblem() throws Exception {
        var file = folder.resolve("report.json");
        var mapper = new JsonMapper();

        report(GOOD, List.of(), List.of()).writeTo(file);
        assertThat(mapper.readTree(file.toFile()).get("proven").asBoolean()).isTrue();
        report(GOOD, List.of(), List.of("something")).writeTo(file);

        var written = mapper.readTree(file.toFile());
        assertThat(written.get("proven").asBoolean()).isFalse();
        assertThat(written.at("/guest/reads").asInt()).isEqualTo(700);
        assertThat(written.at("/finalization/took").asString()).isEqualTo("PT12.345S");
        assertThat(written.at("/problems/0").asString()).isEqualTo("something");
    }

    private static LabReport report(DiskCheck check, List<String> open, List<String> problems) {
        var guest = new GuestReport(700, 300, 9, 9, 0, Optional.empty(), Duration.ofMillis(17),
                Duration.ofNanos(4_500_000), Duration.ZERO, 0, 0);
        return new LabReport(
                new FinalizationSummary("shop-01", "thin", "completed", Duration.ofMillis(12_345), 512L << 20,
                        3 << 20, 0, ""),
                Optional.of(new ReceiptSummary(true, 131_072, 768, 130_304, "77ab", "Ed25519")),
                Optional.of(guest), Optional.empty(),
                Optional.of(
                        new DiskSummary("/ds/shop-01/disk-0-flat.vmdk", 1 << 30, "qemu-img", check, check)),
                Optional.empty(),
                new BackupSummary("/backups/a.qcow2", open, false), new VmSummary("shop-02", false),
                problems);
    }
}
