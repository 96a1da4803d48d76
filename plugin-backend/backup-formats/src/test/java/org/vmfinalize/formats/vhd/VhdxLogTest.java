package org.vmfinalize.formats.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.Qemu;

/// Disks that were not closed cleanly. QEMU replays their logs, too, and is the judge.
class VhdxLogTest {

    private static final int MIB = SmallVhdx.MIB;

    @TempDir
    Path folder;

    record Dirty(String name, Consumer<DirtyLog> log) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Dirty> dirty() {
        return List.of(
                new Dirty("one entry", log -> log.entry(7).table(0, 3L << 20 | 6).end(0)),
                new Dirty("entries that change the same sector",
                        log -> log.entry(7).table(0, 3L << 20 | 6).end(0).entry(8).table(1, 2).end(0)),
                new Dirty("zeros over data and data over zeros",
                        log -> log.entry(7).zeros(4 * MIB + 8192, 65_536).letters(4 * MIB + 16_384, 'x')
                                .zeros(5 * MIB, 8192).end(0).entry(8).zeros(5 * MIB + 4096, 4096)
                                .letters(5 * MIB, 'y').end(0)),
                new Dirty("a first entry that needs no replay",
                        log -> log.entry(7).table(1, 0).end(0).entry(8).table(2, 2).end(8192)),
                new Dirty("round the end of the ring",
                        log -> log.at(MIB - 4096).entry(7).table(0, 3L << 20 | 6).letters(4 * MIB, 'z')
                                .end(MIB - 4096)),
                new Dirty("an older sequence beside it",
                        log -> log.entry(3).table(0, 3L << 20 | 6).end(0).at(65_536).entry(20).table(2, 2)
                                .end(65_536)),
                new Dirty("an entry that was being written",
                        log -> log.entry(7).table(2, 2).end(0).entry(8).table(1, 2).torn(0)),
                new Dirty("an entry of another log behind it",
                        log -> log.entry(7).table(2, 2).end(0).of(99).entry(8).table(1, 2).end(0)),
                new Dirty("no changes", log -> log.entry(7).end(0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dirty")
    void readsWhatQemuReadsAfterItsReplay(Dirty dirty) throws IOException {
        var qemu = new Qemu(folder);
        var log = new DirtyLog();
        dirty.log().accept(log);
        var image = log.image().write(folder.resolve("dirty.vhdx"));
        byte[] before = Files.readAllBytes(image);
        Files.copy(image, folder.resolve("repaired.vhdx"));
        qemu.img("check", "-q", "-r", "all", "-f", "vhdx", "repaired.vhdx");
        byte[] expected = qemu.bytesOf("repaired.vhdx", "vhdx");

        try (var backup = new VhdxFormat().open(new FolderFile(image))) {
            var disk = backup.disks().getFirst();

            Disks.assertReads(disk, expected, 3);
            Disks.assertExtentsAreTrue(disk, expected);
            Disks.assertReadOrderIsComplete(disk);
        }
        assertThat(Files.readAllBytes(image)).isEqualTo(before);
    }

    @Test
    void theReplayChangesWhatIsRead() throws IOException {
        var log = new DirtyLog().entry(7).table(0, 3L << 20 | 6).end(0);
        byte[] expected = SmallVhdx.dynamicContent();
        Arrays.fill(expected, 0, MIB, (byte) 'e');

        try (var backup = new VhdxFormat()
                .open(new FolderFile(log.image().write(folder.resolve("dirty.vhdx"))))) {
            Disks.assertReads(backup.disks().getFirst(), expected, 3);
        }
    }

    record Damage(String message, Consumer<DirtyLog> log) {
        @Override
        public String toString() {
            return message;
        }
    }

    static List<Damage> damages() {
        return List.of(
                new Damage("VHDX log: there must be a sequence of sound entries but is none", _ -> {
                }),
                new Damage("VHDX log: there must be a sequence of sound entries but is none",
                        log -> log.entry(7).table(0, 2).torn(0)),
                new Damage("VHDX log: there must be a sequence of sound entries but is none",
                        log -> log.entry(7).table(0, 2).end(65_536)),
                new Damage("the file must have 1099511627776 bytes but has 7340032; it is truncated",
                        log -> log.entry(7).flushed(1L << 40).end(0)),
                new Damage("a descriptor must not change the log",
                        log -> log.entry(7).letters(SmallVhdx.LOG, 'x').end(0)),
                new Damage("a descriptor must be of multiples of 4 KiB but is of ",
                        log -> log.entry(7).zeros(MIB + 512, 4096).end(0)),
                new Damage("length of zeros must be 4096..", log -> log.entry(7).zeros(MIB, -4096).end(0)),
                new Damage("descriptor count must be 0..126 but was ", log -> log.entry(7).count(127).end(0)),
                new Damage("the number of descriptor 0 must be 7 but was 0",
                        log -> log.entry(7).count(1).end(0)));
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("damages")
    void refusesALogThatIsDamaged(Damage damage) throws IOException {
        var log = new DirtyLog();
        damage.log().accept(log);
        var file = new FolderFile(log.image().write(folder.resolve("dirty.vhdx")));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new VhdxFormat().open(file).close())
                .withMessageStartingWith(file.location() + ": VHDX log")
                .withMessageContaining(damage.message());
        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void theLogsOfAChainAreBoundedTogether() throws IOException {
        var log = new DirtyLog().entry(7).table(0, 2).end(0);
        try (var file = new FolderFile(log.image().write(folder.resolve("dirty.vhdx")))) {
            assertThat(VhdxRegions.read(file, 15 * MIB).logBytes()).isEqualTo(MIB);
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> VhdxRegions.read(file, 16 * MIB))
                    .withMessageContaining(
                            "the logs of a chain must have at most 16777216 bytes but have 17825792");
        }
    }

    @Test
    void entriesThatLieOverOneAnotherAreRefusedBeforeTheyCost() throws IOException {
        var log = new DirtyLog();
        for (int at = 0; at < MIB; at += 4096) {
            log.at(at).entry(7).length(MIB).end(at);
        }
        var file = new FolderFile(log.image().write(folder.resolve("dirty.vhdx")));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new VhdxFormat().open(file).close())
                .withMessageContaining("entries must not lie over one another but do");
    }
}
