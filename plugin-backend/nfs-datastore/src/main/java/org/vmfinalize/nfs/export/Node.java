package org.vmfinalize.nfs.export;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.nfs.posix.Descriptor;
import org.vmfinalize.nfs.posix.FileStatus;

/// One file or directory of an export, as the server knows it: what a handle leads to.
///
/// **Threads:** any number. Each field is replaced as a whole.
public final class Node {

    /// Where the file was seen last.
    static final class Location {

        private final @Nullable Node parent;
        private final byte[] name;

        /// @param parent null for the export's root
        Location(@Nullable Node parent, byte[] name) {
            this.parent = parent;
            this.name = name;
        }

        @Nullable
        Node parent() {
            return parent;
        }

        byte[] name() {
            return name;
        }

        boolean isSame(Location other) {
            return parent == other.parent && Arrays.equals(name, other.name);
        }
    }

    private final FileHandle handle;
    private final int type;
    private final boolean regular;
    private volatile Location location;
    /// Kept open between requests; null while it is not.
    private volatile @Nullable Descriptor descriptor;
    /// Tells the descriptor cache that this file is worth keeping open.
    private volatile boolean recentlyUsed;
    private volatile @Nullable LiveDisk live;
    /// Whether bytes were written that may not be durable yet.
    private volatile boolean dirty;
    private volatile @Nullable VisibleTimes visibleTimes;
    private volatile @Nullable KnownPath knownPath;
    private final GroupCommit commits = new GroupCommit();
    private final FileChanges changes = new FileChanges();
    private final WaitingReads.Part waitingReads = new WaitingReads.Part();

    Node(FileHandle handle, FileStatus status, Location location) {
        this.handle = handle;
        this.type = status.type();
        this.regular = status.isRegular();
        this.location = location;
    }

    /// The times of change that clients see of a live disk: those of their own changes, not of hydration.
    record VisibleTimes(FileStatus.Time modified, FileStatus.Time changed) {}

    /// The file's path, with what it was made from.
    ///
    /// @param renames how many renames there had been in the export
    record KnownPath(Path path, Location location, long renames) {}

    public FileHandle handle() {
        return handle;
    }

    /// Syncs of this file.
    public GroupCommit commits() {
        return commits;
    }

    /// Changes of this file by clients.
    public FileChanges changes() {
        return changes;
    }

    /// What reads of this file that wait for its backup have taken.
    public WaitingReads.Part waitingReads() {
        return waitingReads;
    }

    public boolean isDirty() {
        return dirty;
    }

    public void setDirty(boolean value) {
        dirty = value;
    }

    boolean isSameFile(FileStatus status) {
        return handle.inode() == status.inode() && handle.generation() == FileHandle.generation(status)
                && type == status.type();
    }

    boolean isRegular() {
        return regular;
    }

    Location location() {
        return location;
    }

    void moveTo(Location other) {
        location = other;
    }

    @Nullable
    Descriptor descriptor() {
        return descriptor;
    }

    void setDescriptor(@Nullable Descriptor open) {
        descriptor = open;
    }

    boolean isRecentlyUsed() {
        return recentlyUsed;
    }

    void setRecentlyUsed(boolean value) {
        recentlyUsed = value;
    }

    @Nullable
    LiveDisk live() {
        return live;
    }

    void setLive(@Nullable LiveDisk disk) {
        live = disk;
    }

    @Nullable
    VisibleTimes visibleTimes() {
        return visibleTimes;
    }

    void setVisibleTimes(VisibleTimes times) {
        visibleTimes = times;
    }

    @Nullable
    KnownPath knownPath() {
        return knownPath;
    }

    void setKnownPath(KnownPath known) {
        knownPath = known;
    }
}
