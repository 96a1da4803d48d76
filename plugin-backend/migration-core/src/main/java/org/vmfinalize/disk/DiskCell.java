package org.vmfinalize.disk;

/// A part of a live disk, in bytes.
///
/// @param sizeBytes how large the part is
/// @param localBytes what of it is in the datastore
/// @param guestBytes what of `localBytes` the guest wrote last; in large parts found by a sample, so about
public record DiskCell(long sizeBytes, long localBytes, long guestBytes) {}
