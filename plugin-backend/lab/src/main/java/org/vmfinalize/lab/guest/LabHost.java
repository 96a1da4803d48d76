package org.vmfinalize.lab.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.vmfinalize.lab.vcenter.HostStorage;
import org.vmfinalize.vcenter.DatastorePath;

/// The lab's host, as far as it moves machines from the product's datastore to a folder that stands for another one: real
/// bytes, while the guest goes on.
///
/// **Threads:** any number; two moves of the same machine do not come at the same time.
public final class LabHost implements HostStorage {

    private final String datastore;
    private final String export;
    private final NfsAddress address;
    private final Map<String, Path> folders;
    private final Map<DatastorePath, MovableDisk> inUse = new ConcurrentHashMap<>();
    private final Map<DatastorePath, DatastorePath> parents = new ConcurrentHashMap<>();
    private final Map<DatastorePath, Child> children = new ConcurrentHashMap<>();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile CountDownLatch begun = new CountDownLatch(0);

    /// @param datastore the product's, by its name in vCenter
    /// @param folders what stands for other datastores, by their names
    public LabHost(String datastore, String export, NfsAddress address, Map<String, Path> folders) {
        this.datastore = datastore;
        this.export = export;
        this.address = address;
        this.folders = Map.copyOf(folders);
    }

    /// Notes that a guest uses a disk.
    ///
    /// @param flatFile such as `shop-01/disk-0-flat.vmdk`
    public void runs(String flatFile, Guest guest) {
        var descriptor = flatFile.replaceFirst("-flat\\.vmdk$", ".vmdk");
        inUse.put(new DatastorePath(datastore, descriptor), guest.disk());
    }

    /// A child disk that its machine uses.
    public interface Child {
        /// As [HostStorage#promote].
        boolean promote(IntConsumer percent, BooleanSupplier cancelled) throws IOException;
    }

    /// Notes that a machine uses a child disk.
    public void runs(DatastorePath child, Child disk) {
        children.put(child, disk);
    }

    /// The parent of a child disk, such as `[lab-datastore] shop-01/disk-0.vmdk`.
    ///
    /// @throws IOException if there is no such child
    public DatastorePath parentOf(DatastorePath child) throws IOException {
        var parent = parents.get(child);
        if (parent == null) {
            throw new IOException("%s: must be a child disk but is none".formatted(child));
        }
        return parent;
    }

    @Override
    public void createChild(DatastorePath child, DatastorePath parent) throws IOException {
        var folder = folders.get(child.datastore());
        if (folder == null) {
            throw new IOException("the lab's host makes children on %s only".formatted(folders.keySet()));
        }
        Files.createDirectories(folder.resolve(child.path()).getParent());
        parents.put(child, parent);
    }

    @Override
    public boolean promote(DatastorePath child, IntConsumer percent, BooleanSupplier cancelled)
            throws IOException {
        var disk = children.get(child);
        if (disk == null) {
            throw new IOException("%s: the lab's host joins only what a guest uses".formatted(child));
        }
        boolean done = disk.promote(percent, cancelled);
        if (done) {
            parents.remove(child);
        }
        return done;
    }

    @Override
    public void delete(DatastorePath child) throws IOException {
        parents.remove(child);
        children.remove(child);
        var folder = folders.get(child.datastore());
        var home = folder == null ? null : folder.resolve(child.path()).getParent();
        if (home != null && Files.isDirectory(home)) {
            try (var files = Files.newDirectoryStream(home)) {
                for (var file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(home);
        }
    }

    /// Lets moves begin, and waits with the first byte until [#release()].
    public void hold() {
        held = new CountDownLatch(1);
        begun = new CountDownLatch(1);
    }

    /// Lets what [#hold()] held go on.
    public void release() {
        held.countDown();
    }

    /// Waits until a move is held.
    public void awaitMove() throws InterruptedException {
        begun.await();
    }

    @Override
    public boolean move(List<DiskMove> disks, IntConsumer percent, BooleanSupplier cancelled)
            throws IOException {
        begun.countDown();
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the move", e);
        }
        long total = 0;
        for (var disk : disks) {
            total += disk.bytes();
        }
        var made = new ArrayList<Path>();
        boolean done = false;
        try {
            long before = 0;
            for (var disk : disks) {
                if (!move(disk, before, total, made, percent, cancelled)) {
                    return false;
                }
                before += disk.bytes();
            }
            done = true;
        } finally {
            if (!done) {
                for (var path : made.reversed()) {
                    Files.deleteIfExists(path);
                }
            }
        }
        for (var disk : disks) {
            removeSource(disk.from());
        }
        return true;
    }

    private boolean move(DiskMove disk, long before, long total, List<Path> made, IntConsumer percent,
            BooleanSupplier cancelled) throws IOException {
        var folder = folders.get(disk.to().datastore());
        if (folder == null || !disk.from().datastore().equals(datastore)) {
            throw new IOException("the lab's host moves disks from '%s' to %s only".formatted(datastore,
                    folders.keySet()));
        }
        var descriptor = folder.resolve(disk.to().path());
        Files.createDirectories(descriptor.getParent());
        try (var source = NfsFolder.open(address, export, folder(disk.from()))) {
            var flat = descriptor.resolveSibling(flat(name(disk.to())));
            var target = LocalDisk.create(flat, disk.bytes());
            made.add(descriptor.getParent());
            made.add(flat);
            boolean moved = copy(disk, source, target, before, total, percent, cancelled);
            if (moved) {
                made.add(descriptor);
                Files.writeString(descriptor, text(source.file(name(disk.from()))));
            }
            return moved;
        }
    }

    private boolean copy(DiskMove disk, NfsFolder folder, LocalDisk target, long before, long total,
            IntConsumer percent, BooleanSupplier cancelled) throws IOException {
        var used = inUse.get(disk.from());
        var source = used == null ? new MovableDisk(folder.file(flat(name(disk.from())))) : used;
        boolean moved = source.moveTo(target, disk.thin(),
                copied -> percent.accept((int) ((before + copied) * 100 / Math.max(1, total))), cancelled);
        if (used == null) {
            source.close();
        }
        if (!moved) {
            target.close();
        } else if (used != null) {
            inUse.remove(disk.from());
            inUse.put(disk.to(), used);
        }
        return moved;
    }

    private void removeSource(DatastorePath from) throws IOException {
        try (var folder = NfsFolder.open(address, export, folder(from))) {
            folder.remove(List.of(flat(name(from)), name(from)));
        }
    }

    private static String text(GuestDisk file) throws IOException {
        try (file) {
            var content = new byte[Math.toIntExact(file.size())];
            file.read(ByteBuffer.wrap(content), 0);
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    private static String folder(DatastorePath path) {
        return path.path().substring(0, path.path().indexOf('/'));
    }

    private static String name(DatastorePath path) {
        return path.path().substring(path.path().indexOf('/') + 1);
    }

    private static String flat(String descriptor) {
        return descriptor.replaceFirst("\\.vmdk$", "-flat.vmdk");
    }
}
