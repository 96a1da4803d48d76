package org.vmfinalize.formats;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.formats.libvirt.LibvirtFormat;
import org.vmfinalize.formats.ovf.OvaFormat;
import org.vmfinalize.formats.ovf.OvfFormat;
import org.vmfinalize.formats.qcow2.Qcow2Format;
import org.vmfinalize.formats.raw.ForeignImages;
import org.vmfinalize.formats.raw.RawFormat;
import org.vmfinalize.formats.vhd.VhdFormat;
import org.vmfinalize.formats.vhd.VhdxFormat;
import org.vmfinalize.formats.virtnbdbackup.VirtnbdbackupFormat;
import org.vmfinalize.formats.vmdk.VmdkFormat;
import org.vmfinalize.formats.yaml.YamlFormat;

/// Publishes the formats of this bundle. The framework takes them back by itself when the bundle stops.
public final class FormatsActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        context.registerService(BackupFormat.class, new LibvirtFormat(), null);
        context.registerService(BackupFormat.class, new OvaFormat(), null);
        context.registerService(BackupFormat.class, new OvfFormat(), null);
        context.registerService(BackupFormat.class, new RawFormat(), null);
        context.registerService(BackupFormat.class, new Qcow2Format(), null);
        context.registerService(BackupFormat.class, new VhdFormat(), null);
        context.registerService(BackupFormat.class, new VhdxFormat(), null);
        context.registerService(BackupFormat.class, new VirtnbdbackupFormat(), null);
        context.registerService(BackupFormat.class, new VmdkFormat(), null);
        context.registerService(BackupFormat.class, new YamlFormat(), null);
        context.registerService(BackupFormat.class, new ForeignImages(), null);
    }

    @Override
    public void stop(BundleContext context) {
        // Nothing is left to do: open backups are closed by those who opened them.
    }
}
