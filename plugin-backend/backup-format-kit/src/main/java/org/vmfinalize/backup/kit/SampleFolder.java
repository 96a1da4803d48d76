package org.vmfinalize.backup.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.vmfinalize.backup.ByteRange;

/// A place with the files of one backup: it remembers which were opened and held, and can fail.
///
/// **Threads:** any number.
public final class SampleFolder {

    private final List<FolderFile> opened = Collections.synchronizedList(new ArrayList<>());
    private final Map<Path, Set<String>> leases = new ConcurrentHashMap<>();
    private volatile Predicate<ByteRange> failing = _ -> false;
    private volatile String changed = "";
    private volatile boolean readOnly;

    /// Opens a file, as a server does before it asks a format.
    public FolderFile open(Path file) throws IOException {
        var folderFile = new FolderFile(this, file);
        opened.add(folderFile);
        return folderFile;
    }

    /// All files that were opened so far, closed ones too.
    public List<FolderFile> opened() {
        return List.copyOf(opened);
    }

    /// From now on reads of such ranges fail, in all files.
    public void failReads(Predicate<ByteRange> which) {
        failing = which;
    }

    /// From now on the file of that name has another identity.
    public void change(String name) {
        changed = name;
    }

    /// From now on no lease can be left.
    public void makeReadOnly() {
        readOnly = true;
    }

    /// Who holds the file now.
    public Set<String> leases(Path file) {
        return leases.computeIfAbsent(file, _ -> ConcurrentHashMap.newKeySet());
    }

    boolean fails(ByteRange range) {
        return failing.test(range);
    }

    boolean isChanged(String name) {
        return name.equals(changed);
    }

    boolean isReadOnly() {
        return readOnly;
    }
}
