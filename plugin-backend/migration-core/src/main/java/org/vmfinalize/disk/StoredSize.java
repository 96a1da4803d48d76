package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The size of a live disk of which nothing else may be known.
public final class StoredSize {

    /// Both files say it at the same place.
    private static final int SIZE_AT = 32;

    private StoredSize() {}

    /// What the files in the folder of a disk's state say of its size in bytes. They may be damaged: then it is what they
    /// happen to say, or nothing.
    public static Set<Long> of(Volume volume, Path folder) {
        var sizes = new HashSet<Long>();
        for (String name : List.of(MapStore.MAP, BlockSums.FILE)) {
            Path file = folder.resolve(name);
            if (volume.exists(file)) {
                add(sizes, volume, file);
            }
        }
        return sizes;
    }

    private static void add(Set<Long> sizes, Volume volume, Path file) {
        try (var open = volume.open(file)) {
            var size = ByteBuffer.allocate(Long.BYTES);
            open.read(size, SIZE_AT);
            if (size.getLong(0) > 0) {
                sizes.add(size.getLong(0));
            }
        } catch (IOException _) {
            // As damaged as what led here: the other file may know it.
        }
    }
}
