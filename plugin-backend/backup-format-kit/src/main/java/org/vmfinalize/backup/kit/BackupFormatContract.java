package org.vmfinalize.backup.kit;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.BackupFormat;

/// Holds a format to what the interfaces of `org.vmfinalize.backup` promise.
///
/// Extend it, and JUnit runs its tests for each sample: the reference bytes, extents and the order of reading, several
/// threads, failing and damaged files, identity, leases, closing.
///
///     class MyFormatTest extends BackupFormatContract {
///         @Override protected BackupFormat format() { return new MyFormat(); }
///         @Override protected List<Sample> samples() { return List.of(new Sample("small", folder -> …)); }
///     }
public abstract class BackupFormatContract {

    /// Where the samples are made.
    @TempDir
    Path folder;

    /// The format to be judged.
    protected abstract BackupFormat format();

    /// Backups of it: at least one, best one for each way in which the format stores data.
    protected abstract List<Sample> samples();

    /// What is tried with each sample.
    private interface Claim {
        void holdsFor(Opening opening) throws Exception;
    }

    @TestFactory
    final Stream<DynamicNode> keepsThePromisesOfTheInterfaces() {
        return samples().stream().map(sample -> dynamicContainer(sample.name(), claims(sample)));
    }

    private Stream<DynamicTest> claims(Sample sample) {
        return Stream.of(claim(sample, "is recognised, and reads little for it", BackupClaims::isRecognised),
                claim(sample, "has disks with names, sizes and read sizes", BackupClaims::hasDisks),
                claim(sample, "describes hardware that fits its disks", BackupClaims::describesItsDisks),
                claim(sample, "keeps its identity for as long as its files keep theirs",
                        BackupClaims::hasAnIdentity),
                claim(sample, "lists its files", BackupClaims::listsItsFiles),
                claim(sample, "holds and releases its files", BackupClaims::holdsItsFiles),
                claim(sample, "can be read where it cannot be held",
                        BackupClaims::isReadableWhereItCannotBeHeld),
                claim(sample, "closes all files, and does not read after that", BackupClaims::closesItsFiles),
                claim(sample, "reads the reference bytes", DiskClaims::readsTheReference),
                claim(sample, "fills any buffer from its position to its limit", DiskClaims::fillsAnyBuffer),
                claim(sample, "refuses to read outside of the disk", DiskClaims::refusesToReadOutside),
                claim(sample, "tells extents in order, without gaps, cut to the range",
                        DiskClaims::tellsExtents),
                claim(sample, "reads each byte that is not zero once, in its order", DiskClaims::ordersReads),
                claim(sample, "gives iterators that end as iterators do", DiskClaims::endsItsIterators),
                claim(sample, "reads the same from many threads", DiskClaims::readsFromManyThreads),
                claim(sample, "passes on that a file cannot be read now, and reads it later",
                        HostileClaims::passesOnFailures),
                claim(sample, "closes its files when opening fails",
                        HostileClaims::closesFilesWhenOpeningFails),
                claim(sample, "refuses files that are cut off, or reads them",
                        HostileClaims::survivesCutFiles),
                claim(sample, "refuses damaged files, or reads them", HostileClaims::survivesDamage));
    }

    private DynamicTest claim(Sample sample, String sentence, Claim claim) {
        return dynamicTest(sentence, () -> {
            Path own = Files.createTempDirectory(folder, "sample");
            claim.holdsFor(new Opening(format(), sample.maker().make(own)));
        });
    }
}
