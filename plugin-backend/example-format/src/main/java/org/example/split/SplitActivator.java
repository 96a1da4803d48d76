package org.example.split;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.vmfinalize.backup.BackupFormat;

/// Publishes the format when the bundle starts. The framework takes it back by itself when the bundle stops.
public final class SplitActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        context.registerService(BackupFormat.class, new SplitFormat(), null);
    }

    @Override
    public void stop(BundleContext context) {
        // Open backups are closed by the server, before it lets the bundle go.
    }
}
