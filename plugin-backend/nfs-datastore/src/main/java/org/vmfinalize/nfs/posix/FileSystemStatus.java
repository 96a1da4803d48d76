package org.vmfinalize.nfs.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What `fstatvfs(3)` tells about a file system.
///
/// @param totalBytes its capacity
/// @param freeBytes free for root
/// @param availableBytes free for everyone
/// @param totalFiles how many inodes it has; 0 if it does not count them
public record FileSystemStatus(
        long totalBytes,
        long freeBytes,
        long availableBytes,
        long totalFiles,
        long freeFiles,
        long availableFiles) {

    /// Decodes `struct statvfs` of a 64-bit Linux.
    static FileSystemStatus of(MemorySegment statvfs) {
        long unit = number(statvfs, 1);
        return new FileSystemStatus(number(statvfs, 2) * unit, number(statvfs, 3) * unit,
                number(statvfs, 4) * unit,
                number(statvfs, 5), number(statvfs, 6), number(statvfs, 7));
    }

    private static long number(MemorySegment statvfs, int index) {
        return statvfs.getAtIndex(ValueLayout.JAVA_LONG, index);
    }
}
