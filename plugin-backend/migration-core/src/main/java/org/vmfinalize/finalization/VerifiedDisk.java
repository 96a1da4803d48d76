package org.vmfinalize.finalization;

import org.vmfinalize.disk.BlockProof;
import org.vmfinalize.receipt.DigestTree;

/// A disk of which each block was proven to be the guest's or the backup's.
///
/// @param name the live disk's name
/// @param blocks whose they were
/// @param tree the disk as it was when it was sealed
public record VerifiedDisk(String name, BlockProof.Blocks blocks, DigestTree tree) {}
