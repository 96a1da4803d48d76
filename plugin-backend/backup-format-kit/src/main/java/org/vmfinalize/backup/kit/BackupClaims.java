package org.vmfinalize.backup.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.DiskAddress;

/// What a backup promises, apart from the bytes of its disks.
final class BackupClaims {

    private static final int MAX_RECOGNISING_BYTES = 1 << 20;
    private static final int MAX_IDENTITY = 512;
    private static final int MIN_READ_SIZE = 4096;
    private static final Backup.Holder HOLDER = new Backup.Holder("kit-1", "the kit looks at it",
            Instant.EPOCH);

    private BackupClaims() {}

    static void isRecognised(Opening opening) throws IOException {
        try (var file = new FolderFile(opening.made().top())) {
            assertThat(opening.format().recognises(file)).as("sureness").isBetween(1, 100);
            assertThat(file.isOpen()).as("the file is still open").isTrue();
            long read = file.reads().stream().mapToLong(ByteRange::length).sum();
            assertThat(read).as("bytes read to recognise it").isLessThanOrEqualTo(MAX_RECOGNISING_BYTES);
        }
    }

    static void hasDisks(Opening opening) throws IOException {
        List<String> names;
        try (var backup = opening.open()) {
            names = backup.disks().stream().map(BackupDisk::name).toList();
            assertThat(backup.format()).isEqualTo(opening.format().name());
            assertThat(names).hasSize(opening.made().disks().size()).doesNotHaveDuplicates();
            assertThat(names).noneMatch(String::isBlank);
            for (var disk : backup.disks()) {
                assertThat(disk.size()).isPositive();
                assertThat(disk.bestReadSize()).isGreaterThanOrEqualTo(MIN_READ_SIZE);
                assertThat(Integer.bitCount(disk.bestReadSize())).as("bits of the best read size").isOne();
            }
        }
        try (var again = opening.open()) {
            assertThat(again.disks()).extracting(BackupDisk::name).isEqualTo(names);
        }
    }

    static void describesItsDisks(Opening opening) throws IOException {
        try (var backup = opening.open()) {
            var names = backup.disks().stream().map(BackupDisk::name).toList();
            backup.hardware().ifPresent(hardware -> assertThat(hardware.disks()).extracting(DiskAddress::disk)
                    .isSubsetOf(names));
        }
    }

    static void hasAnIdentity(Opening opening) throws IOException {
        String identity;
        Set<String> names;
        var folder = new SampleFolder();
        try (var backup = opening.open(folder)) {
            identity = backup.identity();
            assertThat(identity).isNotBlank().hasSizeLessThanOrEqualTo(MAX_IDENTITY);
            names = folder.opened().stream().filter(FolderFile::isOpen).map(FolderFile::name)
                    .collect(Collectors.toSet());
        }
        try (var again = opening.open()) {
            assertThat(again.identity()).isEqualTo(identity);
        }
        for (var name : names) {
            var changed = new SampleFolder();
            changed.change(name);
            try (var other = opening.open(changed)) {
                assertThat(other.identity()).as("identity when %s has changed", name).isNotEqualTo(identity);
            }
        }
    }

    static void listsItsFiles(Opening opening) throws IOException {
        var folder = new SampleFolder();
        try (var backup = opening.open(folder)) {
            assertThat(backup.files()).isNotEmpty().doesNotHaveDuplicates();
            // A file that lies in another one, such as an archive, is listed by a location that begins with the other's.
            for (var file : openPaths(folder)) {
                assertThat(backup.files()).anyMatch(listed -> listed.startsWith(file.toString()));
            }
        }
    }

    private static Set<Path> openPaths(SampleFolder folder) {
        return folder.opened().stream().filter(FolderFile::isOpen).map(FolderFile::path)
                .collect(Collectors.toCollection(HashSet::new));
    }

    static void holdsItsFiles(Opening opening) throws IOException {
        var folder = new SampleFolder();
        try (var backup = opening.open(folder)) {
            Set<Path> files = openPaths(folder);
            backup.release("kit-of-nobody");
            backup.hold(HOLDER);
            backup.hold(HOLDER);
            assertThat(files).allMatch(file -> folder.leases(file).contains(HOLDER.id()), "is held");
            backup.release(HOLDER.id());
            assertThat(files).allMatch(file -> folder.leases(file).isEmpty(), "is free again");
        }
    }

    static void isReadableWhereItCannotBeHeld(Opening opening) throws IOException {
        var folder = new SampleFolder();
        folder.makeReadOnly();
        try (var backup = opening.open(folder)) {
            assertThatIOException().isThrownBy(() -> backup.hold(HOLDER));
            Disks.assertReads(backup.disks().getFirst(), opening.made().disks().getFirst(), 1);
        }
    }

    static void closesItsFiles(Opening opening) throws IOException {
        var folder = new SampleFolder();
        Backup backup = opening.open(folder);
        BackupDisk disk = backup.disks().getFirst();
        boolean hasData = disk.readOrder().hasNext();
        backup.close();
        backup.close();

        assertThat(folder.opened()).noneMatch(FolderFile::isOpen);
        if (hasData) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> readAll(disk));
        }
    }

    private static void readAll(BackupDisk disk) throws IOException {
        disk.read(ByteBuffer.allocate((int) disk.size()), 0);
    }
}
