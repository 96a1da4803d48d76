package org.vmfinalize.server.datastore;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.BackupOpener;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// The datastores that are open. They are opened before anything is served and closed after everything else.
///
/// **Threads:** any number.
@Component
public class Datastores implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Datastores.class);

    private final Map<String, Datastore> byName;
    private final DatastoresSettings settings;

    /// @param volume the file system of the datastores, if it is not this machine's
    Datastores(DatastoresSettings settings, NfsSettings nfs, BackupOpener backups,
            ObjectProvider<Volume> volume) throws IOException {
        this.settings = settings;
        this.byName = open(settings, LiveDiskSettings.DEFAULT.withBackupPatience(nfs.backupPatience()),
                backups, volume.getIfAvailable(Volume::local));
    }

    private static Map<String, Datastore> open(DatastoresSettings settings, LiveDiskSettings disks,
            BackupOpener backups, Volume volume) throws IOException {
        var open = new LinkedHashMap<String, Datastore>();
        try {
            for (var one : settings.datastores()) {
                if (open.containsKey(one.name())) {
                    throw new IOException(
                            "datastore '%s': the name is given twice; change vmfinalize.datastores"
                                    .formatted(one.name()));
                }
                Files.createDirectories(one.directory());
                var datastore = Datastore.open(one.name(), one.directory().toRealPath(), backups,
                        disks, volume);
                open.put(one.name(), datastore);
                LOG.info("datastore {}: {}, {} live disks", one.name(), datastore.directory(),
                        datastore.liveDisks().size());
            }
            return Collections.unmodifiableMap(open);
        } catch (IOException | RuntimeException e) {
            closeAll(open.values().stream().toList(), e);
            throw e;
        }
    }

    private static void closeAll(List<Datastore> datastores, Exception cause) {
        for (var datastore : datastores) {
            try {
                datastore.close();
            } catch (IOException | RuntimeException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /// All of them, in the order of the settings.
    public List<Datastore> all() {
        return List.copyOf(byName.values());
    }

    public Optional<Datastore> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// The datastore of that name.
    ///
    /// @throws Problem DATASTORE_NOT_FOUND
    public Datastore require(String name) {
        return find(name).orElseThrow(() -> new Problem(ProblemType.DATASTORE_NOT_FOUND,
                "datastore '%s': this server has none of that name, only %s; choose one of them"
                        .formatted(name,
                                byName.isEmpty() ? "none at all" : String.join(", ", byName.keySet()))));
    }

    /// The path under which hosts mount it.
    String exportPath(Datastore datastore) {
        return settingsOf(datastore).exportPath();
    }

    /// The hosts that may mount it, if it has a list of its own.
    Optional<List<String>> clients(Datastore datastore) {
        return Optional.ofNullable(settingsOf(datastore).clients());
    }

    private DatastoresSettings.One settingsOf(Datastore datastore) {
        return settings.datastores().stream().filter(one -> one.name().equals(datastore.name())).findFirst()
                .orElseThrow();
    }

    @Override
    public void destroy() throws IOException {
        var failures = new ArrayList<Exception>();
        for (var datastore : byName.values()) {
            try {
                datastore.close();
            } catch (IOException | RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            var failure = new IOException(
                    "datastores: closing failed; the next start goes on from what is on disk",
                    failures.getFirst());
            failures.stream().skip(1).forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
