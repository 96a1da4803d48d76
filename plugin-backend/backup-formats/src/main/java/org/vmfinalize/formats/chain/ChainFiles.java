package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.file.AllOf;

/// The files of a chain while it is being opened. Each may be part of it only once, and there are not too many.
///
/// **Threads:** one.
public final class ChainFiles {

    private static final int MAX_LAYERS = 64;

    /// A disk of 2 TiB in extents of 2 GiB.
    private static final int MAX_FILES = 1024;

    /// 8 MiB of tables map 64 GiB of disk with blocks of 64 KiB and entries of 8 bytes.
    private static final long TABLE_CACHE_BYTES = 8 << 20;

    /// What is looked at before the chain is opened is bounded for all of its files together: the largest directory that
    /// a file may have, and twice the tables that lie last in one.
    private static final int MAX_ENTRIES_CHECKED = 4 << 20;
    private static final int MAX_TABLE_BYTES_CHECKED = 16 << 20;

    private final List<BackupFile> files = new ArrayList<>();
    private final Set<String> locations = new HashSet<>();
    private final BoundedCache<TablePages.Key, long[]> tables = new BoundedCache<>(TABLE_CACHE_BYTES);
    private int layers = 1;
    private int entriesLeft = MAX_ENTRIES_CHECKED;
    private int tableBytesLeft = MAX_TABLE_BYTES_CHECKED;

    /// The files of a chain that begins with `top`.
    ///
    /// @param top closed by [#closeAfter], like all other files
    public ChainFiles(BackupFile top) {
        add(top);
    }

    /// All files so far, the top first.
    public List<BackupFile> files() {
        return List.copyOf(files);
    }

    /// The cache that all tables of the chain share.
    public BoundedCache<TablePages.Key, long[]> tables() {
        return tables;
    }

    /// How many pages of tables were read so far.
    public long pagesRead() {
        return tables.added();
    }

    /// The number that the file added last has as a [Source].
    public int lastNumber() {
        return files.size() - 1;
    }

    /// Opens the image below `above`.
    ///
    /// @param field what messages call the reference, such as "qcow2 header: the backing file"
    public BackupFile openBelow(BackupFile above, String name, String field) throws IOException {
        if (layers == MAX_LAYERS) {
            throw new FormatException(
                    "%s: a chain must have at most %d images but has more; shorten it: qemu-img rebase"
                            .formatted(above.location(), MAX_LAYERS));
        }
        layers++;
        return open(above, name, field);
    }

    /// Opens a file that is part of the image `of`.
    ///
    /// @param field as for [#openBelow]
    public BackupFile open(BackupFile of, String name, String field) throws IOException {
        if (files.size() == MAX_FILES) {
            throw new FormatException("%s: a disk must have at most %d files but has more"
                    .formatted(of.location(), MAX_FILES));
        }
        BackupFile file = of.sibling(name);
        if (!add(file)) {
            throw new FormatException("%s: %s must not be part of the chain above it but is %s"
                    .formatted(of.location(), field, file.location()));
        }
        return file;
    }

    /// Whether a directory of so many entries is to be checked: not if those above it have taken so much that opening would
    /// take too long. Entries of one that is not checked are when they are met.
    public boolean checksEntries(int count) {
        if (count > entriesLeft) {
            return false;
        }
        entriesLeft -= count;
        return true;
    }

    /// How many tables of that size are to be checked: half of what is left, so that those further down come to it too.
    int tablesToCheck(int tableBytes) {
        return tableBytesLeft / 2 / tableBytes;
    }

    void checkedTable(int tableBytes) {
        tableBytesLeft -= tableBytes;
    }

    private boolean add(BackupFile file) {
        files.add(file);
        return locations.add(file.location());
    }

    /// Closes all files because of `failure`.
    public void closeAfter(Exception failure) {
        try {
            AllOf.each(files, BackupFile::close);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
