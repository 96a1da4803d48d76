package org.vmfinalize.formats.qcow2;

import org.vmfinalize.backup.BackupFile;

/// A raw image at the bottom of a chain.
record RawLayer(BackupFile file, int depth) implements Layer {

    @Override
    public long size() {
        return file.size();
    }

    /// Raw images have no clusters; this is the block that readers reckon with.
    @Override
    public int clusterSize() {
        return 4096;
    }

    @Override
    public Run runAt(long position, long end) {
        return Run.stored(position, end, this, position);
    }
}
