package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.vmfinalize.formats.Mutated;

/// Whatever is in an image: it is read, or refused with an [IOException]; nothing else, and not without end.
class MutatedQcow2Test {

    /// The places that mean something: fields of the header, extensions, tables, the start of compressed data.
    private static final int[] TARGETS = {0, 4, 8, 16, 20, 24, 28, 32, 36, 40, 44, 72, 76, 96, 100, 104, 108,
            112, 116,
            120, 124, SmallImage.L1, SmallImage.L1 + 4, SmallImage.L2, SmallImage.L2 + 4, SmallImage.L2 + 8,
            SmallImage.L2 + 12, SmallImage.L2 + 16, SmallImage.L2 + 20, SmallImage.L2 + 24,
            SmallImage.L2 + 28,
            SmallImage.L2 + 32, SmallImage.COMPRESSED, SmallImage.COMPRESSED + 4};

    private static final Path FOLDER = makeFolder();

    private static Path makeFolder() {
        try {
            Path folder = Files.createTempDirectory("mutated");
            SmallImage.make().write(folder.resolve("base"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        Files.deleteIfExists(FOLDER.resolve("top"));
        Files.deleteIfExists(FOLDER.resolve("base"));
        Files.delete(FOLDER);
    }

    @Property(tries = 2000)
    void anImageIsReadOrRefused(@ForAll("changes") List<Mutated.Change> changes, @ForAll boolean backing)
            throws IOException {
        var image = SmallImage.make();
        if (backing) {
            image.withBacking("base", "qcow2");
        }
        changes.forEach(change -> image.put(change.offset(), change.value()));
        image.write(FOLDER.resolve("top"));

        Mutated.readOrRefuse(new Qcow2Format(), FOLDER.resolve("top"));
    }

    @Provide
    Arbitrary<List<Mutated.Change>> changes() {
        return Mutated.changes(TARGETS, 0x5146_49fb, 0xe279_2aca, 0x6803_f857);
    }
}
