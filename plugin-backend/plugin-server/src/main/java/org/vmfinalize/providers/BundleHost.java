package org.vmfinalize.providers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.felix.framework.Felix;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/// The OSGi framework that the bundles of backup formats run in.
///
/// A bundle sees the JDK, `org.vmfinalize.backup` and what other bundles export; nothing of the server's class path.
final class BundleHost implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BundleHost.class);

    /// Begins the names of those that are packed into the server.
    static final String BUILT_IN_PREFIX = "built-in:";

    private static final String BUILT_IN = "classpath*:/providers/*.jar";
    /// The versions are those of the OSGi bundles backup-spi and jspecify.
    private static final String EXPORTED = "org.vmfinalize.backup;version=\"1.2.0\",org.jspecify.annotations;version=\"1.0.0\"";
    private static final long STOP_SECONDS = 10;

    private final Framework framework;
    private final AtomicLong installed = new AtomicLong();

    private BundleHost(Framework framework) {
        this.framework = framework;
    }

    static BundleHost start(Path storage) throws IOException {
        Files.createDirectories(storage);
        Map<String, Object> settings = new HashMap<>();
        settings.put(Constants.FRAMEWORK_STORAGE, storage.toAbsolutePath().toString());
        settings.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, EXPORTED);
        // A new version runs beside the old one for as long as that has backups open.
        settings.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        settings.put(Constants.FRAMEWORK_BOOTDELEGATION, "");
        // Felix delegates by itself when it takes a call for one from outside: a bundle would see the class path.
        settings.put("felix.bootdelegation.implicit", "false");
        // It would take over the handling of URLs in the whole process, the server's own jars included.
        settings.put("felix.service.urlhandlers", "false");
        settings.put("felix.log.logger", new FrameworkLog());
        settings.put("felix.log.level", Integer.toString(org.apache.felix.resolver.Logger.LOG_WARNING));
        Framework framework = new Felix(settings);
        try {
            framework.start();
        } catch (BundleException e) {
            throw new IOException(
                    "the framework for backup formats must start in the folder %s but did not: %s"
                            .formatted(storage, e.getMessage()),
                    e);
        }
        return new BundleHost(framework);
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /// Starts the bundles that are packed into the server.
    List<LoadedBundle> startBuiltIn() throws IOException {
        var installed = new ArrayList<LoadedBundle>();
        for (var resource : new PathMatchingResourcePatternResolver().getResources(BUILT_IN)) {
            try (var content = resource.getInputStream()) {
                installed.add(install(BUILT_IN_PREFIX + resource.getFilename(), content));
            }
        }
        // After all are installed, so that they may need one another in any order.
        installed.forEach(LoadedBundle::start);
        return installed;
    }

    /// Installs the bundle in a file; it is not started yet.
    ///
    /// @throws IOException if the file cannot be read or is no bundle; the message is one line
    LoadedBundle install(Path file) throws IOException {
        try (var content = Files.newInputStream(file)) {
            return install(String.valueOf(file.getFileName()), content);
        }
    }

    private LoadedBundle install(String name, InputStream content) throws IOException {
        try {
            // Several versions of one bundle may be there at a time, each at a location of its own.
            String location = "%s#%d".formatted(name, installed.incrementAndGet());
            return new LoadedBundle(context().installBundle(location, content), name);
        } catch (BundleException | RuntimeException e) {
            Throwable inner = e;
            while (inner.getCause() != null) {
                inner = inner.getCause();
            }
            throw new IOException("the file must be an OSGi bundle but is not: " + String.valueOf(inner)
                    .replaceAll("\\p{Cntrl}+", " "), e);
        }
    }

    /// A bundle, for people.
    ///
    /// @param error why a newer version of its file is not in use; null: there is none
    static Provider describe(LoadedBundle bundle, @Nullable String error) {
        var names = new ArrayList<String>();
        for (var format : bundle.formats()) {
            try {
                names.add(String.valueOf(format.name()));
            } catch (RuntimeException | Error e) {
                bundle.note("a format cannot tell its name: " + e);
            }
        }
        ProviderState state = bundle.isRetired()
                ? ProviderState.RETIRING
                : bundle.isStarted() ? ProviderState.ACTIVE : ProviderState.FAILED;
        return new Provider(bundle.file(), bundle.symbolicName(), bundle.version(), state,
                names.stream().sorted().toList(), bundle.uses(),
                error == null ? bundle.lastFailure().orElse(null) : error);
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (BundleException e) {
            log.warn("the framework for backup formats did not stop cleanly; it ends with the server", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
