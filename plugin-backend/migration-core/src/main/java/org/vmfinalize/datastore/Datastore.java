package org.vmfinalize.datastore;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.Volume;

/// A directory whose ordinary files are ordinary, and whose live disks are kept in a hidden folder.
///
/// **Durability:** an instant VM is there after [#create] has returned, or not at all; the same goes for [#discard].
///
/// **Threads:** any number. One server at a time: a lock file refuses the second. A virtual thread of its own,
/// `read-orders-NAME`, stores every ten seconds what was learned of the order of reads; it ends with [#close()].
public final class Datastore implements AutoCloseable {

    /// The folder in the datastore's root that has the state of live disks. Guests must not see it.
    public static final String HIDDEN_FOLDER = ".vmfinalize";

    private static final String VMDK = ".vmdk";

    private static final Logger LOG = LoggerFactory.getLogger(Datastore.class);

    /// Of the order of reads so much is lost at most if the server is killed.
    private static final long READ_ORDER_SECONDS = 10;

    private final String name;
    private final Path directory;
    private final BackupOpener backups;
    private final LiveDiskSettings settings;
    private final DatastoreLock lockFile;
    private final StateFolder states;
    private final ReadOrders readOrders;

    private final Map<Path, LiveDisk> liveDisks = new ConcurrentHashMap<>();
    private final Map<String, InstantDisks> instantDisks = new ConcurrentHashMap<>();
    private final Refusals refusals;
    private final Set<String> reservedFolders = ConcurrentHashMap.newKeySet();
    private final Set<Path> parentFolders = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Held while names on disk and the two maps change together.
    private final ReentrantLock changes = new ReentrantLock();

    private Datastore(String name, Path directory, Volume volume, BackupOpener backups,
            LiveDiskSettings settings,
            DatastoreLock lockFile) {
        this.name = name;
        this.directory = directory;
        this.backups = backups;
        this.settings = settings;
        this.lockFile = lockFile;
        this.states = new StateFolder(volume, directory);
        this.readOrders = new ReadOrders(volume, directory.resolve(HIDDEN_FOLDER));
        this.refusals = new Refusals(name, states);
    }

    /// Opens a datastore and all its live disks. A backup that is away does not hinder it; nor does an instant VM whose
    /// stored state is damaged, see [#refused()].
    ///
    /// @param name for people
    /// @param directory exists
    /// @throws IOException if another server uses it, or it cannot be read
    public static Datastore open(String name, Path directory, BackupOpener backups) throws IOException {
        return open(name, directory, backups, LiveDiskSettings.DEFAULT, Volume.local());
    }

    /// Opens a datastore with settings for its disks, on a file system that may be one for tests.
    public static Datastore open(String name, Path directory, BackupOpener backups, LiveDiskSettings settings,
            Volume volume) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException("datastore '%s': %s must be a directory but is not; create it"
                    .formatted(name, directory));
        }
        Path root = directory.toRealPath();
        Files.createDirectories(root.resolve(HIDDEN_FOLDER));
        var lock = DatastoreLock.take(name, root.resolve(HIDDEN_FOLDER).resolve("lock"));
        var datastore = new Datastore(name, root, volume, backups, settings, lock);
        try {
            datastore.load();
            Thread.ofVirtual().name("read-orders-" + name).start(datastore::storeReadOrdersUntilClosed);
            return datastore;
        } catch (IOException | RuntimeException e) {
            try {
                datastore.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private void load() throws IOException {
        states.tidyUp(record -> releaseLease(record));
        states.forceNames();
        for (var folder : states.inUse()) {
            InstantRecord record = null;
            try {
                record = states.record(folder);
                register(openDisks(record));
            } catch (IOException e) {
                refusals.add(folder, record, e);
            }
        }
    }

    private InstantDisks openDisks(InstantRecord record) throws IOException {
        var held = heldBackup(record);
        try {
            held.open();
        } catch (IOException e) {
            LOG.warn("datastore {}: the backup of '{}' is away ({}); what is not local waits for it", name,
                    record.vmFolder(), e.getMessage());
        }
        return openDisks(record, held);
    }

    private InstantDisks openDisks(InstantRecord record, HeldBackup held) throws IOException {
        var disks = new ArrayList<LiveDisk>();
        try {
            for (int i = 0; i < record.disks().size(); i++) {
                if (!states.isSealed(record, i)) {
                    disks.add(states.openDisk(record, i, held.disk(record.disks().get(i)),
                            settings));
                    readOrders.tell(disks.getLast(), record, i);
                }
            }
            return new InstantDisks(this, record, held, disks);
        } catch (IOException | RuntimeException e) {
            closeAll(e, disks, held);
            throw e;
        }
    }

    private static void closeAll(Exception failure, Collection<LiveDisk> disks, AutoCloseable held) {
        var all = new ArrayList<AutoCloseable>(disks);
        all.add(held);
        for (var closeable : all) {
            try {
                closeable.close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
    }

    private void storeReadOrdersUntilClosed() {
        try {
            while (!closed.await(READ_ORDER_SECONDS, TimeUnit.SECONDS)) {
                storeReadOrders();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // nobody does; then they are stored at the end only
        }
    }

    /// Keeps what was learned since it was kept last.
    void storeReadOrders() {
        instantDisks().forEach(this::storeReadOrder);
    }

    /// Keeps in which order a machine has read its restore point, for the next one.
    private void storeReadOrder(InstantDisks instant) {
        var record = instant.record();
        for (var disk : instant.disks()) {
            for (int i = 0; i < record.disks().size(); i++) {
                if (record.disks().get(i).name().equals(disk.name())) {
                    readOrders.store(disk, record, i);
                }
            }
        }
    }

    private void register(InstantDisks disks) {
        instantDisks.put(disks.vmFolder(), disks);
        for (var disk : disks.disks()) {
            liveDisks.put(disk.flatFile(), disk);
        }
    }

    public String name() {
        return name;
    }

    /// The directory, as a real path: without links.
    public Path directory() {
        return directory;
    }

    /// The live disk that a file is the flat file of; empty for all other files, and once it is sealed.
    public Optional<LiveDisk> liveDisk(Path flatFile) {
        return Optional.ofNullable(liveDisks.get(flatFile.toAbsolutePath().normalize()));
    }

    /// Whether a file is the flat file of a live disk, served or refused, which must not be removed, cut or opened
    /// otherwise.
    public boolean isLiveDiskFile(Path file) {
        return liveDisk(file).isPresent() || isRefused(file);
    }

    /// Whether a file is the descriptor of a live disk: without it the flat file is of no use to vSphere.
    public boolean isLiveDiskDescriptor(Path file) {
        var name = String.valueOf(file.getFileName());
        return name.endsWith(VMDK) && isLiveDiskFile(file.resolveSibling(
                name.substring(0, name.length() - VMDK.length()) + "-flat" + VMDK));
    }

    /// Says whether the disks in a folder are parents of disks elsewhere, which hold only what differs from them. As long as
    /// they are, clients must not change them, sealed or not. Nothing of that is stored: say it again after [#open].
    public void setParents(String vmFolder, boolean parents) {
        var folder = directory.resolve(vmFolder);
        if (parents) {
            parentFolders.add(folder);
        } else {
            parentFolders.remove(folder);
        }
    }

    /// Whether there are any disks that are parents.
    public boolean hasParents() {
        return !parentFolders.isEmpty();
    }

    /// Whether a file is one of a disk that is a parent, or a folder that has such disks, or had to keep its name for them.
    public boolean isParent(Path file) {
        var path = file.toAbsolutePath().normalize();
        var folder = path.getParent();
        return (folder != null && parentFolders.contains(folder) && path.toString().endsWith(VMDK))
                || parentFolders.stream().anyMatch(parents -> parents.startsWith(path));
    }

    /// Whether a file is the flat file of a live disk that is not served, see [#refused()]. It must not be read or written.
    public boolean isRefused(Path file) {
        return refusals.concern(file.toAbsolutePath().normalize(), liveDisks.keySet());
    }

    /// Whether there are any of [#refused()].
    public boolean hasRefused() {
        return !refusals.isEmpty();
    }

    /// The instant VMs that are not served since what is stored about them is damaged. All others are.
    public List<RefusedDisks> refused() {
        return refusals.all();
    }

    public List<LiveDisk> liveDisks() {
        return List.copyOf(liveDisks.values());
    }

    /// The disks of the instant VM in a folder, until they are sealed.
    public Optional<InstantDisks> instantDisks(String vmFolder) {
        return Optional.ofNullable(instantDisks.get(vmFolder));
    }

    public List<InstantDisks> instantDisks() {
        return List.copyOf(instantDisks.values());
    }

    /// Space that files may still take, in bytes.
    public long usableBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /// Lays down `vmFolder/DISK.vmdk` and `vmFolder/DISK-flat.vmdk` for every disk of a backup, and holds the backup.
    ///
    /// @param vmFolder one name, of a folder that is not there, or is there without such files
    /// @throws FileAlreadyExistsException if the folder has such files, or an instant VM
    /// @throws IllegalArgumentException if the name is not one, or a disk has a size that cannot be
    public InstantDisks create(String vmFolder, BackupReference reference) throws IOException {
        return create(vmFolder, reference, List.of());
    }

    /// The same with names for the disks: `vmFolder/NAME.vmdk` and `vmFolder/NAME-flat.vmdk`.
    ///
    /// @param diskNames one for each disk, in the backup's order; none = as the backup calls them
    /// @throws IllegalArgumentException if there are too few or too many names, or one is not the name of a file
    public InstantDisks create(String vmFolder, BackupReference reference, List<String> diskNames)
            throws IOException {
        StateFolder.checkVmFolder(vmFolder);
        if (!reservedFolders.add(vmFolder)) {
            throw alreadyThere(vmFolder);
        }
        try {
            if (instantDisks.containsKey(vmFolder) || refusals.find(vmFolder).isPresent()) {
                throw alreadyThere(vmFolder);
            }
            var creation = new Creation(states, backups, settings);
            return creation.create(vmFolder, reference, diskNames, this::publish);
        } finally {
            reservedFolders.remove(vmFolder);
        }
    }

    private static FileAlreadyExistsException alreadyThere(String vmFolder) {
        return new FileAlreadyExistsException(vmFolder, null,
                "an instant VM uses this folder already; choose another name, or discard it");
    }

    private InstantDisks publish(InstantRecord record, HeldBackup held) throws IOException {
        changes.lock();
        try {
            states.commitCreation(record);
            var instant = openDisks(record, held);
            register(instant);
            return instant;
        } finally {
            changes.unlock();
        }
    }

    /// Closes and deletes the live disks of a folder and their files, and takes the mark off the backup.
    ///
    /// @throws IllegalArgumentException if there is no instant VM in the folder
    public void discard(String vmFolder) throws IOException {
        changes.lock();
        try {
            var instant = instantDisks.remove(vmFolder);
            if (instant == null && discardRefused(vmFolder)) {
                return;
            }
            if (instant == null) {
                throw new IllegalArgumentException(
                        "folder '%s': must have an instant VM but has none".formatted(vmFolder));
            }
            storeReadOrder(instant);
            states.commitDiscard(instant.record());
            for (var disk : instant.disks()) {
                liveDisks.remove(disk.flatFile(), disk);
                disk.close();
            }
            states.deleteDisks(instant.record());
            release(instant);
            states.deleteDiscarded(instant.record());
        } finally {
            changes.unlock();
        }
    }

    @GuardedBy("changes")
    private boolean discardRefused(String vmFolder) throws IOException {
        var record = refusals.find(vmFolder).flatMap(RefusedDisks::record);
        if (record.isEmpty()) {
            return false;
        }
        states.commitDiscard(record.get());
        states.deleteDisks(record.get());
        releaseLease(record.get());
        states.deleteDiscarded(record.get());
        refusals.remove(vmFolder);
        return true;
    }

    void sealed(LiveDisk disk) {
        liveDisks.remove(disk.flatFile(), disk);
    }

    /// All disks are sealed: nothing needs the backup any more.
    void finished(InstantDisks instant) throws IOException {
        changes.lock();
        try {
            if (!instantDisks.remove(instant.vmFolder(), instant)) {
                return;
            }
            storeReadOrder(instant);
            states.commitFinish(instant.record());
            release(instant);
            states.deleteFinished(instant.record());
        } finally {
            changes.unlock();
        }
    }

    /// A mark that cannot be taken back now must not hold up anything.
    private void release(InstantDisks instant) {
        try {
            instant.held().release();
        } catch (IOException e) {
            warnOfLease(instant.record(), e);
        }
    }

    private void releaseLease(InstantRecord record) {
        try {
            heldBackup(record).release();
        } catch (IOException e) {
            warnOfLease(record, e);
        }
    }

    private HeldBackup heldBackup(InstantRecord record) throws IOException {
        var held = new HeldBackup(backups, record.backup(), HeldBackup.holder(record));
        held.second(states.secondCopy(record));
        return held;
    }

    void storeSecondCopy(InstantRecord record, SecondCopy copy) throws IOException {
        states.storeSecondCopy(record, copy);
    }

    private void warnOfLease(InstantRecord record, IOException e) {
        LOG.warn("backup {}: the mark {} of '{}' could not be taken back ({}); remove it by hand",
                record.backup().location(), record.id(), record.vmFolder(), e.getMessage());
    }

    /// A change of one file's or folder's name.
    public interface Rename {
        void run() throws IOException;
    }

    /// Renames a file or folder of this datastore, so that live disks keep their state: also when the server dies before
    /// this returns, in which case the rename is done as a whole or not at all.
    ///
    /// @param from its name before
    /// @param to its name after
    /// @param rename does it; what it throws is thrown, and then nothing has changed
    public void rename(Path from, Path to, Rename rename) throws IOException {
        Path oldPath = from.toAbsolutePath().normalize();
        Path newPath = to.toAbsolutePath().normalize();
        changes.lock();
        try {
            if (refusals.lieBelow(oldPath)) {
                throw new IOException(
                        "datastore '%s': %s must keep its name while disks in it are not served; see the log for why"
                                .formatted(name, oldPath));
            }
            var concerned = new ArrayList<InstantDisks>();
            for (var instant : instantDisks()) {
                if (!states.renamed(instant.record(), oldPath, newPath).equals(instant.record())) {
                    concerned.add(instant);
                }
            }
            rename(concerned, oldPath, newPath, rename);
        } finally {
            changes.unlock();
        }
    }

    @GuardedBy("changes")
    private void rename(List<InstantDisks> concerned, Path oldPath, Path newPath, Rename rename)
            throws IOException {
        for (var instant : concerned) {
            states.beginRename(states.renamed(instant.record(), oldPath, newPath));
        }
        try {
            rename.run();
        } catch (IOException | RuntimeException e) {
            for (var instant : concerned) {
                try {
                    states.abandonRename(instant.record());
                } catch (IOException leftover) {
                    e.addSuppressed(leftover); // harmless: the old files are there, so the next start drops it
                }
            }
            throw e;
        }
        for (var instant : concerned) {
            renameIn(instant, oldPath, newPath);
        }
    }

    @GuardedBy("changes")
    private void renameIn(InstantDisks instant, Path oldPath, Path newPath) {
        var changed = states.renamed(instant.record(), oldPath, newPath);
        String oldFolder = instant.vmFolder();
        instant.replaceRecord(changed);
        instantDisks.remove(oldFolder);
        instantDisks.put(changed.vmFolder(), instant);
        for (var disk : instant.disks()) {
            Path file = disk.flatFile();
            if (file.startsWith(oldPath)) {
                Path moved = newPath.resolve(oldPath.relativize(file)).normalize();
                disk.flatFileRenamed(moved);
                if (liveDisks.remove(file, disk)) {
                    liveDisks.put(moved, disk);
                }
            }
        }
        try {
            states.forceNames(oldPath, newPath);
            states.commitRename(changed);
        } catch (IOException e) {
            LOG.warn(
                    "datastore {}: the new name of '{}' could not be stored ({}); the next start finds it all the same",
                    name, changed.vmFolder(), e.getMessage());
        }
    }

    /// Makes durable what was written and closes all live disks and backups. Marks on backups stay.
    @Override
    public void close() throws IOException {
        var failure = new IOException("datastore '%s': closing failed".formatted(name));
        closed.countDown();
        changes.lock();
        try {
            for (var instant : instantDisks()) {
                storeReadOrder(instant);
                closeAll(failure, instant.disks(), instant.held());
            }
        } finally {
            changes.unlock();
        }
        liveDisks.clear();
        instantDisks.clear();
        lockFile.close();
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}
