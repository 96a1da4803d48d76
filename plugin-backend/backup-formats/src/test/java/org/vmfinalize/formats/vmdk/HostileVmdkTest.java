package org.vmfinalize.formats.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;

class HostileVmdkTest {

    @TempDir
    Path folder;

    /// A change of a sound image, and a part of the message that must come of it.
    record Damage(String message, SmallVmdk image, Consumer<SmallVmdk> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    private void assertRefused(String message) throws IOException {
        var file = new FolderFile(folder.resolve("top.vmdk"));
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new VmdkFormat().open(file))
                .withMessageStartingWith(folder.toString()).withMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        assertThat(file.isOpen()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void refusesADamagedImageWithTheFieldAndTheValue(Damage damage) throws IOException {
        damage.change().accept(damage.image());
        damage.image().write(folder.resolve("top.vmdk"));

        assertRefused(damage.message());
    }

    private static Damage damage(String message, Consumer<SmallVmdk> change) {
        return new Damage(message, SmallVmdk.sparse(), change);
    }

    private static Damage inStream(String message, Consumer<SmallVmdk> change) {
        return new Damage(message, SmallVmdk.stream(), change);
    }

    static List<Damage> damages() {
        return List.of(
                damage("must begin with a VMDK header or with", image -> image.put(0, 7)),
                damage("version must be 1..3 but was 0", image -> image.put(4, 0)),
                damage("version must be 1..3 but was 4294967295", image -> image.put(4, -1)),
                damage("bits 16 and 17 both or not, and none above, but were 0x00010003",
                        image -> image.put(8, 0x1_0003)),
                damage("but were 0x80000003", image -> image.put(8, 0x8000_0003)),
                damage("capacity must be 1..137438953472 but was 0", image -> image.putLong(12, 0)),
                damage("capacity must be 1..137438953472 but was 9223372036854775808",
                        image -> image.putLong(12, Long.MIN_VALUE)),
                damage("capacity must be that of the descriptor, 65536 bytes, but was 66048",
                        image -> image.putLong(12, 129)),
                damage("grainSize must be 8..4096 but was 0", image -> image.putLong(20, 0)),
                damage("grainSize must be 8..4096 but was 1099511627776",
                        image -> image.putLong(20, 1L << 40)),
                damage("grainSize must be a power of two but was 9", image -> image.putLong(20, 9)),
                damage("descriptorOffset must be 0..24 but was 25", image -> image.putLong(28, 25)),
                damage("descriptorOffset must not be 0 but is", image -> image.putLong(28, 0)),
                damage("descriptorSize must be 1..23 but was 4294967296",
                        image -> image.putLong(36, 1L << 32)),
                damage("numGTEsPerGT must be 1..512 but was 0", image -> image.put(44, 0)),
                damage("numGTEsPerGT must be 1..512 but was 513", image -> image.put(44, 513)),
                damage("numGTEsPerGT must be 1..512 but was 2147483648", image -> image.put(44, 1 << 31)),
                damage("the grain directory must have at most 2097152 entries but has 17179869184",
                        image -> image.putLong(12, 1L << 37).put(44, 1)),
                damage("the grain directory must lie in the file with 2097152 entries but the file has only",
                        image -> image.putLong(12, 1L << 33).put(44, 512)),
                damage("gdOffset must be 1..23 but was 1099511627776", image -> image.putLong(56, 1L << 40)),
                damage("a footer must be at the end of the file but is not", image -> image.putLong(56, -1)),
                damage("the newline bytes must be 0x0a0d200a but were 0x0a0a200a",
                        image -> image.put(73, 0x0a0a_200a)),
                damage("compressAlgorithm must be 0 with flags 0x00000007 but was 2",
                        image -> image.bytes.putShort(77, (short) 2)),
                damage("directory entry 0: the offset of the grain table must be 512..10240 but was 2199023255040;",
                        image -> image.put(SmallVmdk.DIRECTORY, -1)),
                damage("so the image is truncated", image -> image.put(SmallVmdk.DIRECTORY, 24)),
                damage("the offset of the grain table must not lie in the grain directory, 1536..1539, but was 512",
                        image -> image.put(SmallVmdk.DIRECTORY, 1)),
                damage("grain at byte 4096 of the disk: the offset of the grain must be 512..8192 but was 8704;",
                        image -> image.put(SmallVmdk.TABLE + 4, 17)),
                damage("the offset of the grain must not lie in the grain directory, 1536..1539, but was 1024",
                        image -> image.put(SmallVmdk.TABLE + 4, 2)),
                damage("the offset of the grain must not lie in the grain directory",
                        image -> image.put(8, 3)),
                inStream("a footer must be at the end of the file but is not",
                        image -> image.put(SmallVmdk.FOOTER, 0)),
                inStream("a footer must be at the end of the file but is not",
                        image -> image.put(SmallVmdk.FOOTER - 500, 2)),
                inStream(
                        "VMDK footer: must agree with the header but has 0x00000081 at byte 12 where the header has",
                        image -> image.putLong(SmallVmdk.FOOTER + 12, 129)),
                inStream("VMDK footer: gdOffset must be 1..14 but was 18446744073709551615",
                        image -> image.putLong(SmallVmdk.FOOTER + 56, -1)),
                inStream("compressAlgorithm must be 1 with flags 0x00030001 but was 0",
                        image -> image.bytes.putShort(77, (short) 0).putShort(SmallVmdk.FOOTER + 77,
                                (short) 0)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "RW 8 FLAT \"/etc/passwd\" 0 | must be a name in the descriptor's own folder but was '/etc/passwd'",
            "RW 8 FLAT \"../secret\" 0 | must be a name in the descriptor's own folder but was '../secret'",
            "RW 8 FLAT \"..\" 0 | must be a name in the descriptor's own folder but was '..'",
            "RW 8 FLAT \"sub\\secret\" 0 | must be a name in the descriptor's own folder",
            "RW 8 FLAT \"nbd:host\" 0 | must be a name in the descriptor's own folder",
            "RW 8 FLAT \"top.vmdk\" 0 | the file of an extent must not be part of the chain above it",
            "RW 8 FLAT \"missing\" 0 | must refer to a file but missing is missing",
            "RW 8 FLAT flat 0 | an extent must be ACCESS SECTORS TYPE",
            "RW -8 FLAT \"flat\" 0 | an extent must be ACCESS SECTORS TYPE",
            "RW 0 FLAT \"flat\" 0 | the sectors of an extent must be 1..137438953472 but was 0",
            "RW 137438953473 ZERO | the sectors of an extent must be 1..137438953472 but was 137438953473",
            "RW 8 FLAT \"flat\" 999999999999999999 | the offset of an extent must be 0..137438953472",
            "RW 99999999999999999999 ZERO | an extent must be ACCESS SECTORS TYPE",
            "RW 8 FLAT \"flat\" 1 | must have 4096 bytes from byte 512 on but the file has 4096",
            "RW 9 FLAT \"flat\" 0 | must have 4608 bytes from byte 0 on but the file has 4096",
            "NOACCESS 8 ZERO | the access of an extent must be RW or RDONLY but was NOACCESS",
            "RW 8 VMFSRDM \"flat\" | the type of an extent must be FLAT, VMFS, ZERO",
            "RW 8 SPARSE \"flat\" | must begin with KDMV but does not",
            "RW 8 VMFSSPARSE \"flat\" | must begin with COWD but does not",
            "RW 8 ZERO \"flat\" | must name a file unless it is of type ZERO",
            "RW 8 FLAT | must name a file unless it is of type ZERO",
            "# none | there must be at least one extent line"})
    void refusesAnExtentLine(String line, String message) throws IOException {
        Files.write(folder.resolve("flat"), new byte[4096]);
        Files.writeString(folder.resolve("top.vmdk"),
                SmallVmdk.descriptor("monolithicFlat", "ffffffff", "", line));

        assertRefused(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
            "createType=\"vmfs\" | | createType must be that of a flat, sparse or stream-optimized disk but was ''",
            "\"vmfs\" | \"fullDevice\" | but was 'fullDevice'",
            "parentCID=ffffffff | parentCID=12345678 | must be given both or not at all but were '12345678' and ''",
            "parentCID=ffffffff | parentCID=zero | parentCID must be 8 hexadecimal digits but was 'zero'",
            "version=1 | encoding=\"nonsense\" | encoding must be one that this Java knows but was 'nonsense'",
            "version=1 | encoding=\"no/n sense\" | encoding must be that of a text but was 'no/n sense'",
            "version=1 | isNativeSnapshot=\"yes\" | isNativeSnapshot must be no but was yes"})
    void refusesADescriptor(String from, String to, String message) throws IOException {
        Files.writeString(folder.resolve("top.vmdk"),
                SmallVmdk.descriptor("vmfs", "ffffffff", "", "RW 8 ZERO")
                        .replace(from, to == null ? "" : to));

        assertRefused(message);
    }

    @Test
    void refusesMoreExtentsThanCanBeOpened() throws IOException {
        var lines = new String[1025];
        Arrays.fill(lines, "RW 8 ZERO");
        Files.writeString(folder.resolve("top.vmdk"), SmallVmdk.descriptor("vmfs", "ffffffff", "", lines));

        assertRefused("there must be at most 1024 extents but there are more");
    }

    @Test
    void refusesADescriptorThatIsNoSmallText() throws IOException {
        byte[] text = SmallVmdk.descriptor("vmfs", "ffffffff", "", "RW 8 ZERO")
                .getBytes(StandardCharsets.UTF_8);
        Files.write(folder.resolve("top.vmdk"), Arrays.copyOf(text, (1 << 20) + 1));

        assertRefused("must have at most 1048576 bytes but has 1048577");
    }

    private void child(String name, String parent, String parentCid) throws IOException {
        SmallVmdk.cowd().write(folder.resolve(name + ".delta"));
        Files.writeString(folder.resolve(name), SmallVmdk.descriptor("vmfsSparse", parentCid, parent,
                "RW %d VMFSSPARSE \"%s.delta\"".formatted(SmallVmdk.DISK_SIZE / SmallVmdk.SECTOR, name)));
    }

    @Test
    void refusesAParentThatWasChanged() throws IOException {
        SmallVmdk.sparse().write(folder.resolve("base.vmdk"));
        child("top.vmdk", "base.vmdk", "12345679");

        assertRefused("base.vmdk, 12345678, but was 12345679: the parent was changed");
    }

    @Test
    void refusesAParentThatIsNoImageAsDamage() throws IOException {
        Files.writeString(folder.resolve("base.vmdk"), "no image");
        child("top.vmdk", "base.vmdk", "12345678");

        assertRefused("; it is the parent of " + folder.resolve("top.vmdk"));
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> new VmdkFormat().open(new FolderFile(folder.resolve("top.vmdk"))))
                .isNotInstanceOf(NotAnImageException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 | 1 | magic must be 3405691582..3405691582 but was 1",
            "8 | 1 | version must be 8589934593..8589934593 but was 1",
            "16 | 0 | capacity must be 1..137438953472 but was 0",
            "24 | 16 | the grain size must be 8..8 but was 16",
            "32 | 65 | the grain table size must be 64..64 but was 65",
            "40 | 1 | flags must be 0..0 but was 1",
            "80 | 83 | the offset of the volatile header must be 1..82 but was 83",
            "128 | -1 | the offset of the grain directory must be 1..82 but was 18446744073709551615",
            "136 | 0 | the size of the grain directory must be 1..81 but was 0",
            "144 | 83 | the offset of the grain tables must be 1..82 but was 83",
            "192 | 84 | the offset of the grains must be 1..83 but was 84",
            "512 | 1 | magic must be 3405695742..3405695742 but was 1",
            "536 | 1 | the journal must be empty but is to be replayed",
            "1024 | 1 | directory entry 0: must have 0x10000000 in its upper half but was 0x0000000000000001",
            "1024 | 1152921504606846977 | directory entry 0: the index must be 0..0 but was 1",
            "1536 | 4611686018427387904 | must be 0 or have 1, 2 or 3 in its highest 4 bits but was 0x4",
            "1536 | 1 | must be 0 or have 1, 2 or 3 in its highest 4 bits but was 0x0000000000000001",
            "1536 | 3459608938750672896 | the index must be 0..1 but was 3"})
    void refusesASnapshotOnVmfs6(int offset, long value, String message) throws IOException {
        SmallVmdk.sparse().write(folder.resolve("base.vmdk"));
        Files.writeString(folder.resolve("top.vmdk"),
                SmallVmdk.descriptor("seSparse", "12345678", "base.vmdk",
                        "RW 128 SESPARSE \"delta\""));
        SmallVmdk.seSparse().putLong(offset, value).write(folder.resolve("delta"));

        assertRefused(message);
    }

    @ParameterizedTest
    @CsvSource({"top.vmdk", "other.vmdk"})
    void aLoopIsFound(String parent) throws IOException {
        child("top.vmdk", parent, "12345678");
        child("other.vmdk", "top.vmdk", "12345678");

        assertRefused("the file of parentFileNameHint must not be part of the chain above it but is "
                + folder.resolve("top.vmdk"));
    }

    @Test
    void aChainOf64IsReadAndOneOf65Refused() throws IOException {
        SmallVmdk.sparse().write(folder.resolve("0"));
        for (int i = 1; i < 64; i++) {
            child(Integer.toString(i), Integer.toString(i - 1), "12345678");
        }
        try (var backup = new VmdkFormat().open(new FolderFile(folder.resolve("63")))) {
            assertThat(backup.disks().getFirst().size()).isEqualTo(SmallVmdk.DISK_SIZE);
        }
        child("top.vmdk", "63", "12345678");

        assertRefused("a chain must have at most 64 images but has more");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 | 8 | the sector must be 24 but was 8",
            "8 | 0 | the length must be 1..5620 but was 0",
            "8 | -1 | the length must be 1..5620 but was 4294967295",
            "8 | 1 | must make 4096 bytes but made 0",
            "12 | 7 | must be a deflate stream but is not"})
    void aDamagedGrainIsAnErrorForItsRangeOnly(int offset, int value, String message) throws IOException {
        SmallVmdk.stream().put(SmallVmdk.STREAM_GRAIN_3 + offset, value).write(folder.resolve("top.vmdk"));

        try (var backup = new VmdkFormat().open(new FolderFile(folder.resolve("top.vmdk")))) {
            var disk = backup.disks().getFirst();
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> Disks.bytes(disk, ByteRange.of(3 * SmallVmdk.GRAIN, 10)))
                    .withMessageContaining("VMDK compressed grain at byte 2048 of the file: " + message);
            assertThat(Disks.bytes(disk, ByteRange.of(0, 3 * SmallVmdk.GRAIN)))
                    .isEqualTo(Arrays.copyOf(SmallVmdk.streamContent(), 3 * SmallVmdk.GRAIN));
        }
    }

    @Test
    void aFileThatIsCutAnywhereIsRefused() throws IOException {
        for (byte[] whole : List.of(SmallVmdk.sparse().toBytes(),
                Arrays.copyOf(SmallVmdk.stream().toBytes(), SmallVmdk.FOOTER + SmallVmdk.SECTOR))) {
            for (int length = 0; length < whole.length; length += 97) {
                Files.write(folder.resolve("top.vmdk"), Arrays.copyOf(whole, length));

                assertRefused(": ");
            }
        }
    }
}
