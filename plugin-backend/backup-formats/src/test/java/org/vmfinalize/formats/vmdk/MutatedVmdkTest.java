package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import org.vmfinalize.formats.Mutated;

/// Whatever is in an image: it is read, or refused with an [IOException]; nothing else, and not without end.
class MutatedVmdkTest {

    private static final int[] SPARSE = {0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 56, 60, 73, 77,
            SmallVmdk.DIRECTORY, SmallVmdk.TABLE, SmallVmdk.TABLE + 4, SmallVmdk.TABLE + 8,
            SmallVmdk.TABLE + 12,
            SmallVmdk.TABLE + 60};
    private static final int[] STREAM = {4, 8, 12, 20, 44, 56, 60, 77, SmallVmdk.FOOTER,
            SmallVmdk.FOOTER + 12,
            SmallVmdk.FOOTER + 20, SmallVmdk.FOOTER + 44, SmallVmdk.FOOTER + 56, SmallVmdk.FOOTER + 60,
            SmallVmdk.STREAM_DIRECTORY, SmallVmdk.STREAM_TABLE, SmallVmdk.STREAM_TABLE + 4,
            SmallVmdk.STREAM_TABLE + 12, SmallVmdk.STREAM_GRAIN_0, SmallVmdk.STREAM_GRAIN_0 + 4,
            SmallVmdk.STREAM_GRAIN_0 + 8, SmallVmdk.STREAM_GRAIN_0 + 12, SmallVmdk.STREAM_GRAIN_0 + 16};
    private static final int[] COWD = {0, 4, 8, 12, 16, 20, 24, 2048, 2052, 4096, 4100, 4128, 4132, 4136};

    private static final int[] SE_SPARSE = {0, 8, 16, 20, 24, 32, 40, 80, 128, 132, 136, 144, 148, 192, 196,
            SmallVmdk.SECTOR, SmallVmdk.SECTOR + 24, SmallVmdk.SE_DIRECTORY, SmallVmdk.SE_DIRECTORY + 4,
            SmallVmdk.SE_TABLE, SmallVmdk.SE_TABLE + 4, SmallVmdk.SE_TABLE + 8, SmallVmdk.SE_TABLE + 12,
            SmallVmdk.SE_TABLE + 28};

    private static final Path FOLDER = makeFolder();

    private static Path makeFolder() {
        try {
            Path folder = Files.createTempDirectory("mutated");
            SmallVmdk.sparse().write(folder.resolve("base.vmdk"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        for (var name : List.of("top.vmdk", "base.vmdk", "delta.vmdk")) {
            Files.deleteIfExists(FOLDER.resolve(name));
        }
        Files.delete(FOLDER);
    }

    private static void assertReadOrRefused(SmallVmdk image, List<Mutated.Change> changes, String name)
            throws IOException {
        changes.forEach(change -> image.put(change.offset(), change.value()));
        image.write(FOLDER.resolve(name));
        Mutated.readOrRefuse(new VmdkFormat(), FOLDER.resolve("top.vmdk"));
    }

    @Property(tries = 1000)
    void aSparseFileIsReadOrRefused(@ForAll("sparse") List<Mutated.Change> changes) throws IOException {
        assertReadOrRefused(SmallVmdk.sparse(), changes, "top.vmdk");
    }

    @Property(tries = 1000)
    void aStreamIsReadOrRefused(@ForAll("stream") List<Mutated.Change> changes) throws IOException {
        assertReadOrRefused(SmallVmdk.stream(), changes, "top.vmdk");
    }

    @Property(tries = 1000)
    void aSnapshotIsReadOrRefused(@ForAll("cowd") List<Mutated.Change> changes) throws IOException {
        Files.writeString(FOLDER.resolve("top.vmdk"),
                SmallVmdk.descriptor("vmfsSparse", "12345678", "base.vmdk",
                        "RW 128 VMFSSPARSE \"delta.vmdk\""));
        assertReadOrRefused(SmallVmdk.cowd(), changes, "delta.vmdk");
    }

    @Property(tries = 1000)
    void aSnapshotOnVmfs6IsReadOrRefused(@ForAll("seSparse") List<Mutated.Change> changes)
            throws IOException {
        Files.writeString(FOLDER.resolve("top.vmdk"),
                SmallVmdk.descriptor("seSparse", "12345678", "base.vmdk",
                        "RW 128 SESPARSE \"delta.vmdk\""));
        assertReadOrRefused(SmallVmdk.seSparse(), changes, "delta.vmdk");
    }

    @Property(tries = 1000)
    void aDescriptorIsReadOrRefused(@ForAll @Size(min = 1, max = 4) List<@IntRange(max = 400) Integer> places,
            @ForAll byte value) throws IOException {
        byte[] text = SmallVmdk.descriptor("vmfsSparse", "12345678", "base.vmdk", "RW 64 ZERO",
                "RW 128 SPARSE \"delta.vmdk\" 0").getBytes(StandardCharsets.UTF_8);
        places.forEach(place -> text[place % text.length] = value);
        Files.write(FOLDER.resolve("top.vmdk"), text);
        assertReadOrRefused(SmallVmdk.sparse(), List.of(), "delta.vmdk");
    }

    @Provide
    Arbitrary<List<Mutated.Change>> sparse() {
        return Mutated.changes(SPARSE, SparseHeader.MAGIC, 1, 2, 3);
    }

    @Provide
    Arbitrary<List<Mutated.Change>> stream() {
        return Mutated.changes(STREAM, SparseHeader.MAGIC, 1, 11, 13);
    }

    @Provide
    Arbitrary<List<Mutated.Change>> cowd() {
        return Mutated.changes(COWD, 1, 4, 40);
    }

    @Provide
    Arbitrary<List<Mutated.Change>> seSparse() {
        return Mutated.changes(SE_SPARSE, 1 << 28, 1 << 29, 3 << 28);
    }
}
