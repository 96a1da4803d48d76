package org.vmfinalize.providers;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The providers directory: its bundles are loaded, replaced and removed as their files come, change and go.
///
/// A new version is started beside the old one and takes its place only once it runs; so one that is broken, or only half
/// copied, changes nothing. Put a file there by renaming it, and it is never seen half.
///
/// **Threads:** any number; one of its own, `providers-watch`, looks when the system tells of a change, and every two
/// seconds, since some file systems tell nothing; it ends when this is closed.
final class ProviderFolder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ProviderFolder.class);

    private static final long LOOK_SECONDS = 2;

    private final Path folder;
    private final BundleHost host;
    private final WatchService watch;
    private final Thread watcher;

    @GuardedBy("this")
    private final Map<Path, Known> known = new TreeMap<>();

    @GuardedBy("this")
    private final List<LoadedBundle> retiring = new ArrayList<>();

    private boolean missing;

    /// What has become of a file.
    ///
    /// @param stamp   which version of the file this is about
    /// @param current the bundle in use: of this version, or of the one before if this one failed
    /// @param error   why this version is not in use
    private record Known(Stamp stamp, @Nullable LoadedBundle current, @Nullable String error) {}

    /// Tells versions of a file apart.
    private record Stamp(long size, long modifiedNanos, @Nullable Object key) {

        static Stamp of(Path file) throws IOException {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    attributes.fileKey());
        }
    }

    private ProviderFolder(Path folder, BundleHost host) throws IOException {
        this.folder = folder;
        this.host = host;
        this.watch = folder.getFileSystem().newWatchService();
        this.watcher = Thread.ofPlatform().daemon().name("providers-watch").unstarted(this::watch);
    }

    /// Loads what is there, and goes on looking.
    static ProviderFolder open(Path folder, BundleHost host) throws IOException {
        var opened = new ProviderFolder(folder, host);
        opened.scan();
        opened.watcher.start();
        return opened;
    }

    private void watch() {
        boolean registered = false;
        try {
            while (true) {
                registered = registered || register();
                var key = watch.poll(LOOK_SECONDS, TimeUnit.SECONDS);
                if (key != null) {
                    key.pollEvents();
                    registered = key.reset();
                }
                scan();
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            log.debug("the providers directory is watched no more");
        }
    }

    private boolean register() {
        try {
            folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            return true;
        } catch (IOException e) {
            log.debug("{} cannot be watched, so it is looked at every {} s", folder, LOOK_SECONDS, e);
            return false;
        }
    }

    /// Brings the bundles in line with the files.
    synchronized void scan() {
        Map<Path, Stamp> there = files();
        if (there == null) {
            return;
        }
        known.keySet().stream().filter(file -> !there.containsKey(file)).toList().forEach(this::remove);
        var changed = new ArrayList<Path>();
        there.forEach((file, stamp) -> {
            var before = known.get(file);
            if (before == null || !before.stamp().equals(stamp)) {
                changed.add(file);
            }
        });
        if (!changed.isEmpty()) {
            // What failed may have missed one that has come now.
            known.forEach((file, state) -> {
                if (state.current() == null && !changed.contains(file)) {
                    changed.add(file);
                }
            });
        }
        var fresh = new HashMap<Path, LoadedBundle>();
        for (var file : changed) {
            install(file, Objects.requireNonNull(there.get(file)), fresh);
        }
        // After all are installed, so that they may need one another in any order.
        fresh.forEach(this::start);
        retiring.removeIf(bundle -> bundle.uses() == 0);
    }

    /// The bundles' files, null if the folder cannot be looked into now.
    private @Nullable Map<Path, Stamp> files() {
        var found = new TreeMap<Path, Stamp>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            for (var file : files) {
                if (Files.isRegularFile(file)) {
                    found.put(file, Stamp.of(file));
                }
            }
            missing = false;
            return found;
        } catch (IOException e) {
            if (!missing) {
                log.warn(
                        "providers directory {} must be a folder but cannot be read; no backup formats are added until it can",
                        folder);
            }
            missing = true;
            return null;
        }
    }

    @GuardedBy("this")
    private void install(Path file, Stamp stamp, Map<Path, LoadedBundle> fresh) {
        var before = known.get(file);
        var current = before == null ? null : before.current();
        try {
            fresh.put(file, host.install(file));
            known.put(file, new Known(stamp, current, null));
        } catch (IOException e) {
            log.error("provider bundle {} cannot be installed and is left out: {}", file, e.getMessage());
            known.put(file, new Known(stamp, current, e.getMessage()));
        }
    }

    @GuardedBy("this")
    private void start(Path file, LoadedBundle bundle) {
        var now = known.get(file);
        if (now == null) {
            return;
        }
        if (!bundle.start()) {
            known.put(file, new Known(now.stamp(), now.current(), bundle.lastFailure().orElse("")));
            bundle.retire();
            return;
        }
        log.info("provider bundle {} {} is in use", file.getFileName(), bundle.version());
        known.put(file, new Known(now.stamp(), bundle, null));
        if (now.current() != null) {
            letGo(now.current());
        }
    }

    @GuardedBy("this")
    private void remove(Path file) {
        var gone = known.remove(file);
        if (gone != null && gone.current() != null) {
            log.info("provider bundle {} was removed", file.getFileName());
            letGo(gone.current());
        }
    }

    @GuardedBy("this")
    private void letGo(LoadedBundle bundle) {
        bundle.retire();
        retiring.add(bundle);
    }

    /// The bundles that open backups now.
    synchronized List<LoadedBundle> current() {
        var bundles = new ArrayList<LoadedBundle>();
        for (var file : known.values()) {
            if (file.current() != null) {
                bundles.add(file.current());
            }
        }
        return bundles;
    }

    /// All bundles and files, for people.
    synchronized List<Provider> describe() {
        var all = new ArrayList<Provider>();
        known.forEach((file, state) -> {
            if (state.current() != null) {
                all.add(BundleHost.describe(state.current(), state.error()));
            } else {
                all.add(Provider.failed(String.valueOf(file.getFileName()), String.valueOf(state.error())));
            }
        });
        for (var bundle : retiring) {
            if (bundle.uses() > 0) {
                all.add(BundleHost.describe(bundle, null));
            }
        }
        return all;
    }

    @Override
    public void close() {
        try {
            watch.close();
            watcher.join();
        } catch (IOException e) {
            log.warn("the watch on {} did not end cleanly; it ends with the server", folder, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
