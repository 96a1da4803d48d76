package org.vmfinalize.finalization;

import java.time.Instant;
import org.vmfinalize.digest.DigestTree;
import org.vmfinalize.disk.BlockProof;

/// A disk of which each block was proven to be the guest's or the backup's.
///
/// @param name the live disk's name
/// @param blocks whose they were
/// @param tree the disk as it was when it was sealed
/// @param modifiedAt the file's time of modification, shortly before it was sealed
public record VerifiedDisk(String name, BlockProof.Blocks blocks, DigestTree tree, Instant modifiedAt) {}
