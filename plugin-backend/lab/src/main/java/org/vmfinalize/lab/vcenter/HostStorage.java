package org.vmfinalize.lab.vcenter;

import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.vmfinalize.vcenter.DatastorePath;

/// What a host does with the bytes of machines, on behalf of vCenter.
public interface HostStorage {

    /// Moves the disks of one machine, which may be running. What fails or is cancelled leaves them where they were.
    ///
    /// @param percent is told how far it is
    /// @return false if it was cancelled
    boolean move(List<DiskMove> disks, IntConsumer percent, BooleanSupplier cancelled) throws IOException;

    /// Makes an empty child of a disk, which is only read from then on.
    void createChild(DatastorePath child, DatastorePath parent) throws IOException;

    /// Makes a child independent of its parent, also while its machine runs.
    ///
    /// @param percent is told how far it is
    /// @return false if it was cancelled
    boolean promote(DatastorePath child, IntConsumer percent, BooleanSupplier cancelled) throws IOException;

    /// Deletes a child.
    void delete(DatastorePath child) throws IOException;

    /// One disk.
    ///
    /// @param from its descriptor
    /// @param to its descriptor afterwards
    /// @param thin whether zeros stay holes
    record DiskMove(DatastorePath from, DatastorePath to, long bytes, boolean thin) {}
}
