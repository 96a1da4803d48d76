package org.vmfinalize.datastore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MissingBlocks;
import org.vmfinalize.disk.Volume;

/// Lays down the disks of one instant VM, so that after a crash they are all there or none is.
final class Creation {

    private static final String SAFE_NAME = "[A-Za-z0-9_][A-Za-z0-9._-]{0,63}";
    private static final int SECTOR_BYTES = LiveDisk.SECTOR_BYTES;

    private final StateFolder states;
    private final Volume volume;
    private final BackupOpener backups;
    private final LiveDiskSettings settings;

    Creation(StateFolder states, BackupOpener backups, LiveDiskSettings settings) {
        this.states = states;
        this.volume = states.volume();
        this.backups = backups;
        this.settings = settings;
    }

    /// Makes an instant VM known, when all of it is stored.
    interface Publisher {
        InstantDisks publish(InstantRecord record, HeldBackup held) throws IOException;
    }

    InstantDisks create(String vmFolder, BackupReference reference, List<String> diskNames,
            Publisher publisher)
            throws IOException {
        var backup = backups.open(reference);
        InstantRecord record;
        HeldBackup held;
        try {
            record = plan(vmFolder, reference, diskNames, backup);
            held = new HeldBackup(backups, record.backup(), HeldBackup.holder(record), backup);
        } catch (IOException | RuntimeException e) {
            closeAfter(e, backup::close);
            throw e;
        }
        try {
            layDown(record, backup, held);
        } catch (IOException | RuntimeException e) {
            closeAfter(e, held::release);
            closeAfter(e, () -> states.abandonCreation(record));
            throw e;
        }
        return publisher.publish(record, held);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void closeAfter(Exception failure, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /// Says what will be made, and refuses it if it cannot be.
    private InstantRecord plan(String vmFolder, BackupReference reference, List<String> diskNames,
            Backup backup)
            throws IOException {
        if (!reference.identity().isEmpty() && !reference.identity().equals(backup.identity())) {
            throw new IOException("backup %s: must be the restore point %s but is %s; choose the right one"
                    .formatted(reference.location(), reference.identity(), backup.identity()));
        }
        checkNames(diskNames, backup.disks().size());
        var disks = new ArrayList<InstantRecord.Disk>();
        var names = new HashSet<String>();
        for (BackupDisk source : backup.disks()) {
            String wanted = diskNames.isEmpty() ? source.name() : diskNames.get(disks.size());
            // A name out of a backup is not to be trusted as a file's name.
            String name = wanted.matches(SAFE_NAME) && names.add(wanted) ? wanted : "disk-" + disks.size();
            if (source.size() <= 0 || source.size() > LiveDisk.MAX_BYTES) {
                LiveDisk.checkSize(name, source.size());
            }
            // vSphere counts in sectors; what is added reads as zeros.
            long size = liveSize(source);
            LiveDisk.checkSize(name, size);
            String flat = vmFolder + "/" + name + "-flat.vmdk";
            refuseExisting(states.directory().resolve(flat));
            refuseExisting(StateFolder.descriptor(states.directory().resolve(flat)));
            disks.add(new InstantRecord.Disk(UUID.randomUUID(), name, source.name(), size, flat));
        }
        return new InstantRecord(UUID.randomUUID(), vmFolder,
                new BackupReference(reference.location(), backup.format(), backup.identity()),
                Instant.now().truncatedTo(ChronoUnit.SECONDS), disks);
    }

    private static void checkNames(List<String> names, int disks) {
        boolean right = names.isEmpty() || names.size() == disks;
        if (!right || names.stream().distinct().count() != names.size()
                || !names.stream().allMatch(name -> name.matches(SAFE_NAME))) {
            throw new IllegalArgumentException(
                    "disk names: must be %d different ones of at most 64 letters, digits, '_', '-' and '.' but were %s"
                            .formatted(disks, names));
        }
    }

    private static void refuseExisting(Path file) throws FileAlreadyExistsException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString(), null,
                    "is there already; choose another folder, or remove it");
        }
    }

    private void layDown(InstantRecord record, Backup backup, HeldBackup held) throws IOException {
        Path state = states.beginCreation(record);
        Path vmFolder = states.directory().resolve(record.vmFolder());
        if (!Files.isDirectory(vmFolder)) {
            volume.createFolder(vmFolder);
            volume.forceFolder(states.directory());
        }
        for (int i = 0; i < record.disks().size(); i++) {
            var planned = record.disks().get(i);
            Path diskState = state.resolve(InstantRecord.diskFolder(i));
            volume.createFolder(diskState);
            Path flat = states.flatFile(planned);
            try (var disk = LiveDisk.create(volume, diskState, flat, planned.name(), planned.id(),
                    planned.sizeBytes(),
                    held.disk(planned), settings)) {
                markZeros(disk, backup.disks().get(i));
            }
            writeDescriptor(flat, planned);
        }
        volume.forceFolder(vmFolder);
        volume.forceFolder(state);
    }

    /// What the backup knows to be zeros is local from the start, so that what is left to do is known as well.
    private static void markZeros(LiveDisk disk, BackupDisk source) throws IOException {
        var missing = disk.missing();
        try {
            var extents = source.extents(new ByteRange(0, source.size()));
            while (extents.hasNext()) {
                var extent = extents.next();
                if (extent.kind() == Extent.Kind.ZERO) {
                    missing.fillZeros(wholeBlocks(extent.range(), source.size(), disk.size()), false);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// The blocks that lie in a range as a whole; the last one does if the disk ends in it.
    /// The size of the live disk of a backup disk: in whole sectors.
    static long liveSize(BackupDisk disk) {
        return Math.ceilDiv(disk.size(), (long) SECTOR_BYTES) * SECTOR_BYTES;
    }

    private static ByteRange wholeBlocks(ByteRange range, long sourceSize, long diskSize) {
        int block = MissingBlocks.BLOCK_BYTES;
        long start = Math.ceilDiv(range.start(), (long) block) * block;
        long end = range.end() == sourceSize ? diskSize : range.end() / block * block;
        return new ByteRange(Math.min(start, Math.max(start, end)), Math.max(start, end));
    }

    private void writeDescriptor(Path flat, InstantRecord.Disk disk) throws IOException {
        String text = VmdkDescriptor.of(flat.getFileName().toString(), disk.sizeBytes(), true);
        try (var file = volume.create(StateFolder.descriptor(flat))) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            file.force();
        }
    }
}
