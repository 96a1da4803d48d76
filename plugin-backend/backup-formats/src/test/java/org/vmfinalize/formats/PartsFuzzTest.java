package org.vmfinalize.formats;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.formats.ovf.OvfFormat;
import org.vmfinalize.formats.qcow2.Qcow2Format;
import org.vmfinalize.formats.qcow2.SmallImage;
import org.vmfinalize.formats.vmdk.SmallVmdk;
import org.vmfinalize.formats.vmdk.VmdkFormat;

/// Parts of images that few inputs would reach: all around them is sound. The input is text, or where to change a sound
/// part, and to what ([Corpus#patched]).
class PartsFuzzTest {

    private static final String DELTA = "delta.vmdk";

    /// Header, tables and a compressed cluster.
    @MethodSource("qcow2")
    @FuzzTest
    void anyPartOfQcow2(byte[] input) {
        ReadOrRefuse.file(new Qcow2Format(), "top", Corpus.patched(SmallImage.make().toBytes(), input));
    }

    static Stream<byte[]> qcow2() {
        return Corpus.of("anyPartOfQcow2");
    }

    /// The same with subclusters: entries of 128 bits.
    @MethodSource("extendedQcow2")
    @FuzzTest
    void anyPartOfExtendedQcow2(byte[] input) {
        ReadOrRefuse.file(new Qcow2Format(), "top", Corpus.patched(SmallImage.extended().toBytes(), input));
    }

    static Stream<byte[]> extendedQcow2() {
        return Corpus.of("anyPartOfExtendedQcow2");
    }

    /// The same with a cluster compressed by zstd.
    @MethodSource("zstdQcow2")
    @FuzzTest
    void anyPartOfZstdQcow2(byte[] input) {
        ReadOrRefuse.file(new Qcow2Format(), "top", Corpus.patched(SmallImage.zstd().toBytes(), input));
    }

    static Stream<byte[]> zstdQcow2() {
        return Corpus.of("anyPartOfZstdQcow2");
    }

    @MethodSource("sparse")
    @FuzzTest
    void anyPartOfSparseVmdk(byte[] input) {
        ReadOrRefuse.file(new VmdkFormat(), "top.vmdk",
                Corpus.patched(SmallVmdk.sparse().toBytes(), input));
    }

    static Stream<byte[]> sparse() {
        return Corpus.of("anyPartOfSparseVmdk");
    }

    /// Markers, grains and the footer.
    @MethodSource("stream")
    @FuzzTest
    void anyPartOfStreamOptimizedVmdk(byte[] input) {
        ReadOrRefuse.file(new VmdkFormat(), "top.vmdk",
                Corpus.patched(SmallVmdk.stream().toBytes(), input));
    }

    static Stream<byte[]> stream() {
        return Corpus.of("anyPartOfStreamOptimizedVmdk");
    }

    @MethodSource("cowd")
    @FuzzTest
    void anyPartOfCowd(byte[] input) {
        snapshot("vmfsSparse", "VMFSSPARSE", Corpus.patched(SmallVmdk.cowd().toBytes(), input));
    }

    static Stream<byte[]> cowd() {
        return Corpus.of("anyPartOfCowd");
    }

    @MethodSource("seSparse")
    @FuzzTest
    void anyPartOfSeSparse(byte[] input) {
        snapshot("seSparse", "SESPARSE", Corpus.patched(SmallVmdk.seSparse().toBytes(), input));
    }

    static Stream<byte[]> seSparse() {
        return Corpus.of("anyPartOfSeSparse");
    }

    private static void snapshot(String type, String extent, byte[] delta) {
        String top = SmallVmdk.descriptor(type, "12345678", "base.vmdk",
                "RW 128 %s \"%s\"".formatted(extent, DELTA));
        ReadOrRefuse.files(new VmdkFormat(), "top.vmdk", top.getBytes(StandardCharsets.UTF_8),
                Map.of(DELTA, delta, "base.vmdk", SmallVmdk.sparse().toBytes()));
    }

    @MethodSource("descriptors")
    @FuzzTest
    void anyVmdkDescriptor(byte[] input) {
        byte[] sparse = SmallVmdk.sparse().toBytes();
        ReadOrRefuse.files(new VmdkFormat(), "top.vmdk", input,
                Map.of(DELTA, sparse, "base.vmdk", sparse, "flat.vmdk", new byte[1 << 16]));
    }

    static Stream<byte[]> descriptors() {
        return Corpus.of("anyVmdkDescriptor",
                SmallVmdk.descriptor("vmfsSparse", "12345678", "base.vmdk", "RW 64 ZERO",
                        "RW 128 SPARSE \"delta.vmdk\"").getBytes(StandardCharsets.UTF_8),
                SmallVmdk.descriptor("custom", "ffffffff", "", "RW 64 FLAT \"flat.vmdk\" 32",
                        "RDONLY 64 VMFS \"flat.vmdk\"").getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("manifests")
    @FuzzTest
    void anyManifest(byte[] input) {
        byte[] descriptor = """
                <Envelope xmlns:o="o"><DiskSection><Disk o:diskId="a" o:capacity="4096"/></DiskSection></Envelope>
                """
                .getBytes(StandardCharsets.UTF_8);
        ReadOrRefuse.files(new OvfFormat(), "vm.ovf", descriptor,
                Map.of("vm.mf", input, "d", new byte[100]));
    }

    static Stream<byte[]> manifests() {
        return Corpus.of("anyManifest");
    }
}
