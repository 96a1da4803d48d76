package org.vmfinalize.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.ByteRange;

class DigestTreeTest {

    private static final int LEAF = 64 << 10;

    @TempDir
    Path folder;

    private static DigestTree treeOf(byte[] content) throws IOException {
        return treeOf(content, Leaves.of(content.length));
    }

    private static DigestTree treeOf(byte[] content, Leaves leaves) throws IOException {
        var digests = new ByteArrayOutputStream();
        var locators = new ByteArrayOutputStream();
        for (int i = 0; i < leaves.count(); i++) {
            var range = leaves.range(i);
            byte[] leaf = Arrays.copyOfRange(content, (int) range.start(), (int) range.end());
            var digest = Digests.leaf();
            digest.update(leaf);
            digests.writeBytes(digest.digest());
            var locator = new LeafLocator(leaves);
            locator.add(0, leaf, leaf.length);
            locators.writeBytes(locator.words());
        }
        return new DigestTree(leaves, digests.toByteArray(), locators.toByteArray(), new BitSet());
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    /// RFC 9162, section 2.1.1, word for word.
    private static byte[] merkleTreeHash(List<byte[]> entries) throws Exception {
        var sha256 = MessageDigest.getInstance("SHA-256");
        if (entries.size() == 1) {
            sha256.update((byte) 0);
            return sha256.digest(entries.getFirst());
        }
        int k = 1;
        while (2 * k < entries.size()) {
            k *= 2;
        }
        return MessageDigest.getInstance("SHA-256").digest(concat(new byte[]{1},
                merkleTreeHash(entries.subList(0, k)),
                merkleTreeHash(entries.subList(k, entries.size()))));
    }

    private static byte[] concat(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, LEAF, LEAF + 1, 3 * LEAF, 7 * LEAF - 5, 8 * LEAF, 13 * LEAF + 512})
    void itsRootIsThatOfTheStandard(int size) throws Exception {
        byte[] content = content(size);
        var entries = IntStream.range(0, Math.ceilDiv(size, LEAF))
                .mapToObj(i -> Arrays.copyOfRange(content, i * LEAF, Math.min(size, (i + 1) * LEAF)))
                .toList();

        assertThat(treeOf(content).root()).isEqualTo(merkleTreeHash(entries));
    }

    @Test
    void theRootOfOneEmptySectorIsWhatOtherProgramsCompute() throws Exception {
        // (printf '\0'; head -c 512 /dev/zero) | sha256sum
        var expected = MessageDigest.getInstance("SHA-256").digest(new byte[513]);

        assertThat(HexFormat.of().formatHex(treeOf(new byte[512]).root()))
                .isEqualTo(HexFormat.of().formatHex(expected));
    }

    @ParameterizedTest
    @CsvSource({"512, 65536, 1", "8589934592, 65536, 131072", "8589934593, 131072, 65537",
            "1099511627776, 8388608, 131072", "68169720922112, 536870912, 126976"})
    void leavesAreShortAndNotTooMany(long size, long leafBytes, int count) {
        var leaves = Leaves.of(size);

        assertThat(leaves.leafBytes()).isEqualTo(leafBytes);
        assertThat(leaves.count()).isEqualTo(count);
        assertThat(leaves.range(count - 1).end()).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 65535, 65536 * 3, 32768})
    void refusesLeavesThatCannotBe(long leafBytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Leaves(1 << 20, leafBytes))
                .withMessageContaining("power of two");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, LEAF - 1, LEAF, 5 * LEAF + 100, 9 * LEAF + 511})
    void aFlippedByteIsNamed(int position) throws Exception {
        byte[] content = content(9 * LEAF + 512);
        var tree = treeOf(content);
        content[position] ^= 1;
        content[9 * LEAF + 511] ^= 2;
        Path file = Files.write(folder.resolve("disk"), content);

        var result = DiskCheck.check(file, tree, 2);

        int leaf = position / LEAF;
        long block = position / 4096 * 4096L;
        assertThat(result.isRight()).isFalse();
        assertThat(result.firstWrong())
                .contains(new ByteRange(block, Math.min(block + 4096, content.length)));
        assertThat(result.wrongLeaves()).isEqualTo(leaf == 9 ? 1 : 2);
    }

    /// A leaf of 1 MiB has 16 rows of 16 blocks.
    @ParameterizedTest
    @CsvSource({"0, 0, 0, 4096", "300, 300, 300, 4096", "511, 511, 511, 4096", "17, 23, 16, 65536",
            "40, 255, 32, 65536", "512, 512, 512, 512", "270, 512, 270, 4096"})
    void inLongLeavesOneWrongBlockIsNamedAndOfSeveralTheRowOfTheFirst(int one, int other, long first,
            long length)
            throws Exception {
        byte[] content = content((2 << 20) + 512);
        Arrays.fill(content, 1 << 20, 3 << 19, (byte) 0);
        var tree = treeOf(content, new Leaves(content.length, 1 << 20));
        content[one * 4096 + 77] ^= 4;
        content[other * 4096 + 99] ^= 1;
        Path file = Files.write(folder.resolve("disk"), content);

        assertThat(DiskCheck.check(file, tree, 2).firstWrong())
                .contains(ByteRange.of(first * 4096, length));
    }

    @Test
    void withoutLocatorsTheLeafIsNamed() throws Exception {
        byte[] content = content(3 * LEAF);
        var whole = treeOf(content);
        var tree = new DigestTree(whole.leaves(),
                concat(whole.digest(0), whole.digest(1), whole.digest(2)), new BitSet());
        content[2 * LEAF - 1] ^= 1;

        assertThat(DiskCheck.check(Files.write(folder.resolve("disk"), content), tree, 1).firstWrong())
                .contains(new ByteRange(LEAF, 2 * LEAF));
    }

    @Test
    void holesAndZerosAreTheSame() throws Exception {
        byte[] content = content(40 * LEAF + 3000);
        Arrays.fill(content, LEAF / 2, 20 * LEAF, (byte) 0);
        Arrays.fill(content, 30 * LEAF, 40 * LEAF + 3000, (byte) 0);
        var tree = treeOf(content);
        Path sparse = folder.resolve("sparse");
        try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(content.length);
            file.write(content, 0, LEAF / 2);
            file.seek(20L * LEAF);
            file.write(content, 20 * LEAF, 10 * LEAF);
        }

        assertThat(DiskCheck.check(sparse, tree, 2).isRight()).isTrue();
        assertThat(DiskCheck.check(Files.write(folder.resolve("full"), content), tree, 1).isRight()).isTrue();
        assertThat(tree.isZeros(0)).isFalse();
        assertThat(tree.isZeros(1)).isTrue();
        assertThat(tree.isZeros(40)).isTrue();
    }

    @Test
    void nothingIsSaidOfUnsettledLeaves() throws Exception {
        byte[] content = content(4 * LEAF);
        var whole = treeOf(content);
        var unsettled = new BitSet();
        unsettled.set(2);
        var digests = concat(whole.digest(0), whole.digest(1), whole.digest(2), whole.digest(3));
        var tree = new DigestTree(whole.leaves(), digests, unsettled);
        content[2 * LEAF] ^= 1;

        var result = DiskCheck.check(Files.write(folder.resolve("disk"), content), tree, 1);

        assertThat(result.isRight()).isTrue();
        assertThat(result.unsettledLeaves()).isOne();
        assertThat(tree.digest(2)).isEqualTo(new byte[32]);
        assertThat(tree.root()).isNotEqualTo(whole.root());
    }

    @Test
    void aFileOfAnotherLengthIsRefused() throws Exception {
        Path file = Files.write(folder.resolve("disk"), content(LEAF));

        assertThatIOException().isThrownBy(() -> DiskCheck.check(file, treeOf(content(LEAF + 512)), 1))
                .withMessageContaining("must have the disk's 66048 bytes but has 65536");
    }
}
