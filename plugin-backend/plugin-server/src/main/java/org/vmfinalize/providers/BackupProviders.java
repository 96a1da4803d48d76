package org.vmfinalize.providers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.util.tracker.ServiceTracker;
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
/// The bundles run in this server's process and are trusted as it is. What they read is not.
///
/// **Threads:** any number. Close the backups before this object: their code goes away with it.
public final class BackupProviders implements BackupOpener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BackupProviders.class);

    private final BundleHost bundles;
    private final ServiceTracker<BackupFormat, BackupFormat> formats;

    private final Places places;

    private BackupProviders(BundleHost bundles, Places places) {
        this.bundles = bundles;
        this.places = places;
        this.formats = new ServiceTracker<>(bundles.context(), BackupFormat.class, null);
    }

    /// Starts the framework and all bundles. A bundle that cannot be started is logged and left out.
    ///
    /// @param storage a folder for the framework alone, made if needed, emptied at each start
    /// @param added a folder with further bundles (`*.jar`), or null
    /// @param places where backups may be taken from; closed by whoever made them, after this object
    /// @throws IOException if the framework itself cannot be started
    public static BackupProviders start(Path storage, @Nullable Path added, Places places)
            throws IOException {
        var bundles = BundleHost.start(storage);
        var providers = new BackupProviders(bundles, places);
        try {
            providers.formats.open();
            bundles.startBuiltIn();
            if (added != null) {
                bundles.startAllIn(added);
            }
        } catch (IOException | RuntimeException e) {
            providers.close();
            throw e;
        }
        log.info("backup formats: {}", providers.formatNames());
        return providers;
    }

    /// The names of the formats loaded now, in alphabetical order.
    public List<String> formatNames() {
        return loaded().stream().map(BackupFormat::name).sorted().toList();
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
        return openWith(formatFor(file, reference.format()), file);
    }

    private BackupFormat formatFor(BackupFile file, String name) throws IOException {
        try {
            return name.isEmpty() ? recognise(file) : named(file, name);
        } catch (IOException | RuntimeException e) {
            closeAfter(e, file);
            throw e;
        }
    }

    private BackupFormat named(BackupFile file, String name) throws NotAnImageException {
        return loaded().stream().filter(format -> format.name().equals(name)).findFirst()
                .orElseThrow(() -> new NotAnImageException(
                        "%s: the format '%s' is provided by no bundle that is loaded"
                                .formatted(file.location(), name)));
    }

    private BackupFormat recognise(BackupFile file) throws IOException {
        record Answer(BackupFormat format, int sureness) {}
        var answers = new ArrayList<Answer>();
        for (var format : loaded()) {
            answers.add(new Answer(format, sureness(format, file)));
        }
        Optional<Answer> best = answers.stream().filter(answer -> answer.sureness() > 0)
                .max(Comparator.comparingInt(Answer::sureness));
        return best.orElseThrow(() -> new NotAnImageException(
                file.location() + ": must be the image of a disk but no backup format takes it for one"))
                .format();
    }

    /// A format that fails at the question does not get the file, and does not keep others from it.
    private static int sureness(BackupFormat format, BackupFile file) throws IOException {
        try {
            return format.recognises(file);
        } catch (RuntimeException | LinkageError e) {
            log.error("backup format {} failed to look at {} and is left out", format.name(), file.location(),
                    e);
            return 0;
        }
    }

    private static Backup openWith(BackupFormat format, BackupFile file) throws IOException {
        try {
            return format.open(file);
        } catch (RuntimeException | LinkageError e) {
            var failure = new IOException(
                    "%s: the backup format %s failed: %s".formatted(file.location(), format.name(),
                            e),
                    e);
            closeAfter(failure, file);
            throw failure;
        }
    }

    private static void closeAfter(Exception failure, BackupFile file) {
        try {
            file.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private List<BackupFormat> loaded() {
        return Arrays.asList(formats.getServices(new BackupFormat[0]));
    }

    @Override
    public void close() {
        formats.close();
        bundles.close();
    }
}
