package org.vmfinalize.providers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.Felix;
import org.osgi.framework.Bundle;
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

    private static final String BUILT_IN = "classpath*:/providers/*.jar";
    /// The versions are those of the OSGi bundles backup-spi and jspecify.
    private static final String EXPORTED = "org.vmfinalize.backup;version=\"1.1.0\",org.jspecify.annotations;version=\"1.0.0\"";
    private static final long STOP_SECONDS = 10;

    private final Framework framework;

    private BundleHost(Framework framework) {
        this.framework = framework;
    }

    static BundleHost start(Path storage) throws IOException {
        Files.createDirectories(storage);
        Map<String, Object> settings = new HashMap<>();
        settings.put(Constants.FRAMEWORK_STORAGE, storage.toAbsolutePath().toString());
        settings.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, EXPORTED);
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
    void startBuiltIn() throws IOException {
        var installed = new ArrayList<Bundle>();
        for (var resource : new PathMatchingResourcePatternResolver().getResources(BUILT_IN)) {
            try (var content = resource.getInputStream()) {
                install("built-in:" + resource.getFilename(), content, installed);
            }
        }
        start(installed);
    }

    /// Starts the bundles in `folder`: files whose names end in `.jar`.
    void startAllIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            log.warn("providers directory {} must be a folder but is not there; no backup formats are added",
                    folder);
            return;
        }
        var installed = new ArrayList<Bundle>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path file : files) {
                installFile(file, installed);
            }
        }
        start(installed);
    }

    private void installFile(Path file, List<Bundle> installed) {
        try (var content = Files.newInputStream(file)) {
            install(file.toUri().toString(), content, installed);
        } catch (IOException e) {
            log.error("provider bundle {} cannot be read and is left out", file, e);
        }
    }

    private void install(String location, InputStream content, List<Bundle> installed) {
        try {
            installed.add(context().installBundle(location, content));
        } catch (BundleException | RuntimeException e) {
            log.error("provider bundle {} cannot be installed and is left out", location, e);
        }
    }

    /// After all are installed, so that they may need one another in any order.
    private static void start(List<Bundle> installed) {
        for (var bundle : installed) {
            try {
                bundle.start();
            } catch (BundleException | RuntimeException | LinkageError e) {
                log.error("provider bundle {} cannot be started and is left out", bundle.getLocation(), e);
            }
        }
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
