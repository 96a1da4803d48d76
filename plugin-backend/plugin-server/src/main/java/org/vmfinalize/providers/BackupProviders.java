package org.vmfinalize.providers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.datastore.BackupOpener;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.places.Places;

/// Opens backups with the format that recognises them, out of the bundles that are built in and those that were added.
///
/// The bundles run in this server's process and are trusted as it is, though not to be free of faults: what one throws hurts
/// the backups that it reads, and no others. What they read is not trusted.
///
/// **Threads:** any number. Close the backups before this object: their code goes away with it.
public final class BackupProviders implements BackupOpener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BackupProviders.class);

    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(60);

    private final BundleHost host;
    private final List<LoadedBundle> builtIn;
    private final @Nullable ProviderFolder added;
    private final Places places;
    private final Patience patience;

    private BackupProviders(BundleHost host, List<LoadedBundle> builtIn, @Nullable ProviderFolder added,
            Places places, Patience patience) {
        this.host = host;
        this.builtIn = builtIn;
        this.added = added;
        this.places = places;
        this.patience = patience;
    }

    /// Starts the framework and all bundles. A bundle that cannot be started is logged and left out.
    ///
    /// @param storage a folder for the framework alone, made if needed, emptied at each start
    /// @param added a folder with further bundles (`*.jar`), or null; watched for changes from here on
    /// @param places where backups may be taken from; closed by whoever made them, after this object
    /// @param patience how long a format may take to recognise or to open a backup
    /// @throws IOException if the framework itself cannot be started
    public static BackupProviders start(Path storage, @Nullable Path added, Places places, Duration patience)
            throws IOException {
        var limit = new Patience(patience);
        var host = BundleHost.start(storage);
        try {
            var builtIn = host.startBuiltIn();
            var folder = added == null ? null : ProviderFolder.open(added, host);
            var providers = new BackupProviders(host, builtIn, folder, places, limit);
            log.info("backup formats: {}", providers.formatNames());
            return providers;
        } catch (IOException | RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /// The same, with the usual patience.
    public static BackupProviders start(Path storage, @Nullable Path added, Places places)
            throws IOException {
        return start(storage, added, places, USUAL_PATIENCE);
    }

    /// The names of the formats loaded now, in alphabetical order.
    public List<String> formatNames() {
        return describe().stream().filter(provider -> provider.state() == ProviderState.ACTIVE)
                .flatMap(provider -> provider.formats().stream()).sorted().toList();
    }

    /// All bundles: in use, failed, and those that only wait for their last backup to be closed.
    public List<Provider> describe() {
        var all = new ArrayList<Provider>();
        for (var bundle : builtIn) {
            all.add(BundleHost.describe(bundle, null));
        }
        if (added != null) {
            all.addAll(added.describe());
        }
        return all;
    }

    /// Opens the backup whose top is the file at `reference.location()`, which must lie in one of the places. Whether it
    /// is the one of `reference.identity()` is for the caller to check.
    ///
    /// @throws org.vmfinalize.places.OutsidePlacesException if it lies in no place
    /// @throws org.vmfinalize.places.BackupNotFoundException if there is no such file, or none that can be read
    /// @throws NotAnImageException if no format recognises it
    /// @throws org.vmfinalize.backup.FormatException if it is damaged, or a file that it needs is damaged, missing or
    ///     outside of its folder
    /// @throws IOException if it cannot be read now
    @Override
    public Backup open(BackupReference reference) throws IOException {
        BackupFile file = places.open(reference.location());
        var held = hold();
        try {
            var chosen = choose(held, file, reference.format());
            return openInTime(chosen, file);
        } catch (IOException | RuntimeException e) {
            closeAfter(e, file);
            throw e;
        } finally {
            held.forEach(LoadedBundle::release);
        }
    }

    /// The bundles that are asked, none of which goes away meanwhile.
    private List<LoadedBundle> hold() {
        var held = new ArrayList<LoadedBundle>();
        for (var bundle : current()) {
            if (bundle.isStarted() && bundle.acquire()) {
                held.add(bundle);
            }
        }
        return held;
    }

    private List<LoadedBundle> current() {
        var bundles = new ArrayList<>(builtIn);
        if (added != null) {
            bundles.addAll(added.current());
        }
        return bundles;
    }

    /// A format and the bundle that it belongs to.
    private record Choice(BackupFormat format, String name, LoadedBundle bundle, int sureness) {

        Guard guard(Patience patience) {
            return new Guard(name, bundle, patience);
        }
    }

    private Choice choose(List<LoadedBundle> bundles, BackupFile file, String wanted)
            throws IOException {
        var choices = new ArrayList<Choice>();
        for (var bundle : bundles) {
            for (var format : bundle.formats()) {
                choice(bundle, format, file, wanted, choices);
            }
        }
        return choices.stream().filter(choice -> choice.sureness() > 0)
                .max(Comparator.comparingInt(Choice::sureness))
                .orElseThrow(() -> new NotAnImageException(wanted.isEmpty()
                        ? file.location()
                                + ": must be the image of a disk but no backup format takes it for one"
                        : "%s: the format '%s' is provided by no bundle that is loaded".formatted(file
                                .location(), wanted)));
    }

    /// A format that fails at a question does not get the file, and does not keep others from it. That the file itself
    /// cannot be read ends the search.
    private void choice(LoadedBundle bundle, BackupFormat format, BackupFile file, String wanted,
            List<Choice> choices) throws IOException {
        String name;
        try {
            name = patience.call(bundle, "telling the name of a backup format",
                    () -> new Guard("in " + bundle.file(), bundle, patience).call(format::name), _ -> {
                    });
        } catch (IOException _) {
            return; // it is noted, and shown with the bundle
        }
        if (!wanted.isEmpty()) {
            if (wanted.equals(name)) {
                choices.add(new Choice(format, name, bundle, 100));
            }
            return;
        }
        try {
            choices.add(new Choice(format, name, bundle, recognises(bundle, format, name, file)));
        } catch (RuntimeException | Error e) {
            bundle.note("format %s failed to look at a file: %s".formatted(name, e));
            log.error("backup format {} failed to look at {} and is left out", name, file.location(), e);
        }
    }

    private int recognises(LoadedBundle bundle, BackupFormat format, String name, BackupFile file)
            throws IOException {
        try {
            return patience.call(bundle,
                    "looking at %s by the backup format %s".formatted(file.location(), name),
                    () -> format.recognises(file), _ -> {
                    });
        } catch (Patience.NoAnswerException e) {
            if (e.getCause() == null) {
                // Not even tried: there would be as many lines as there are files.
                log.debug("{}; it is left out", e.getMessage());
            } else {
                log.error("{}; it is left out", e.getMessage());
            }
            return 0;
        }
    }

    private Backup openInTime(Choice chosen, BackupFile file) throws IOException {
        return patience.call(chosen.bundle(),
                "opening %s by the backup format %s".formatted(file.location(), chosen.name()),
                () -> openWith(chosen, file), BackupProviders::closeLate);
    }

    private static void closeLate(Backup late) {
        try {
            late.close();
        } catch (IOException e) {
            log.warn("a backup that was opened too late could not be closed: {}", e.getMessage());
        }
    }

    private Backup openWith(Choice chosen, BackupFile file) throws IOException {
        // For as long as the backup is open.
        chosen.bundle().acquireAgain();
        boolean opened = false;
        try {
            var guard = chosen.guard(patience);
            var backup = GuardedBackup.of(guard, guard.call(() -> Objects.requireNonNull(
                    chosen.format().open(file), "it opened nothing")),
                    chosen.bundle()::release);
            opened = true;
            return backup;
        } finally {
            if (!opened) {
                chosen.bundle().release();
            }
        }
    }

    /// Brings the bundles in line with the files of the providers directory now.
    void scan() {
        if (added != null) {
            added.scan();
        }
    }

    private static void closeAfter(Exception failure, BackupFile file) {
        try {
            file.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        if (added != null) {
            added.close();
        }
        host.close();
    }
}
