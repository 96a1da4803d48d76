package org.vmfinalize.lab.linux;

import java.time.Duration;
import java.util.List;

/// What a Linux guest has done and met so far.
///
/// @param kernel its version
/// @param accelerated whether KVM runs it; else it is emulated
/// @param passes how often it has read all files of the backup from its disk
/// @param verifiedFiles files that it has read and found as they were before the backup, over all passes
/// @param writtenFiles files that it has written over, each durable
/// @param writtenBytes their bytes
/// @param syncedWrites small durable writes, one after the other
/// @param longestGap the longest time between two of them, by the guest's clock
/// @param errors what went wrong in the guest: wrong files, failed writes, and complaints of its kernel
public record LinuxReport(String kernel, boolean accelerated, int passes, long verifiedFiles,
        long writtenFiles,
        long writtenBytes, long syncedWrites, Duration longestGap, List<String> errors) {

    public LinuxReport {
        errors = List.copyOf(errors);
    }
}
