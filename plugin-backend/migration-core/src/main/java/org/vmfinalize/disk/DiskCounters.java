package org.vmfinalize.disk;

/// How far a live disk is, in bytes. `localBytes` is the sum of the three kinds that follow it.
///
/// @param sizeBytes the disk's size
/// @param localBytes in the datastore
/// @param hydratedBytes local because they were copied from the backup
/// @param guestWrittenBytes local because the guest wrote them before they were hydrated
/// @param zeroBytes local as zeros: the backup has nothing there, or the guest discarded it
/// @param toDoBytes still in the backup
public record DiskCounters(long sizeBytes, long localBytes, long hydratedBytes, long guestWrittenBytes,
        long zeroBytes, long toDoBytes) {}
