package org.vmfinalize.datastore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.disk.DamagedStateException;

/// Which instant VMs of a datastore are not served, and which files that concerns.
///
/// **Threads:** any number.
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final String datastore;
    private final StateFolder states;
    private final List<RefusedDisks> refused = new CopyOnWriteArrayList<>();

    Refusals(String datastore, StateFolder states) {
        this.datastore = datastore;
        this.states = states;
    }

    /// Notes that the instant VM in `stateFolder` is not served.
    ///
    /// @param record null if it cannot be read
    void add(Path stateFolder, @Nullable InstantRecord record, IOException why) {
        var files = new HashSet<Path>();
        if (record != null) {
            for (int i = 0; i < record.disks().size(); i++) {
                addIfLive(files, record, i);
            }
        }
        var sizes = record == null ? states.storedSizes(stateFolder) : Set.<Long>of();
        var disks = new RefusedDisks(stateFolder, record, files, sizes, String.valueOf(why.getMessage()));
        refused.add(disks);
        LOG.error("datastore {}: the disks of '{}' are not served, all others are: {}", datastore,
                disks.vmFolder().orElse(stateFolder.toString()), why.getMessage());
    }

    private void addIfLive(Set<Path> files, InstantRecord record, int index) {
        try {
            // A disk whose state has vanished is taken for a live one: a plain file it is only with a mark that says so.
            if (!states.hasSealedMark(record, index)) {
                files.add(states.flatFile(record.disks().get(index)));
            }
        } catch (DamagedStateException e) {
            LOG.error("datastore {}: {}", datastore, e.getMessage());
        }
    }

    /// Whether `file` is the flat file of a disk that is not served.
    ///
    /// @param served the flat files that are
    boolean concern(Path file, Set<Path> served) {
        for (var disks : refused) {
            if (disks.flatFiles().contains(file)) {
                return true;
            }
            // Where nobody knows which files a VM has, it may be any whose disk is not known.
            if (disks.record().isEmpty() && !served.contains(file)
                    && (file.toString().endsWith("-flat.vmdk") || disks.mayHave(file))) {
                return true;
            }
        }
        return false;
    }

    /// Whether a file that is not served has, or lies in, what is called `path`.
    boolean lieBelow(Path path) {
        return refused.stream().flatMap(disks -> disks.flatFiles().stream())
                .anyMatch(file -> file.startsWith(path));
    }

    Optional<RefusedDisks> find(String vmFolder) {
        return refused.stream().filter(disks -> disks.vmFolder().filter(vmFolder::equals).isPresent())
                .findFirst();
    }

    void remove(String vmFolder) {
        find(vmFolder).ifPresent(refused::remove);
    }

    boolean isEmpty() {
        return refused.isEmpty();
    }

    List<RefusedDisks> all() {
        return List.copyOf(refused);
    }
}
