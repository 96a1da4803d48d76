package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.lab.backup.ReferenceDisk;
import org.vmfinalize.places.Places;
import org.vmfinalize.places.local.LocalPlace;
import org.vmfinalize.providers.BackupProviders;

/// A backup as the product's own format bundle reads it: for a machine on which nothing else can.
///
/// It proves that what the bundle read arrived in the finished disk, not that the bundle read the right bytes.
final class ProviderDisk implements ReferenceDisk {

    private final BackupProviders providers;
    private final Backup backup;
    private final BackupDisk disk;

    private ProviderDisk(BackupProviders providers, Backup backup) {
        this.providers = providers;
        this.backup = backup;
        this.disk = backup.disks().getFirst();
    }

    /// @param storage a folder for the bundles, made if needed
    static ProviderDisk open(Path image, String format, Path storage) throws IOException {
        var providers = BackupProviders.start(storage, null, new Places(List.of(LocalPlace.everywhere())));
        try {
            return new ProviderDisk(providers,
                    providers.open(new BackupReference(image.toString(), format, "")));
        } catch (IOException e) {
            providers.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return disk.size();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        disk.read(target, position);
    }

    @Override
    public String source() {
        return "the product's own reader, since qemu-img is not installed";
    }

    @Override
    public void close() throws IOException {
        try (providers; backup) {
            // The backup goes first: its code goes away with the bundles.
        }
    }
}
