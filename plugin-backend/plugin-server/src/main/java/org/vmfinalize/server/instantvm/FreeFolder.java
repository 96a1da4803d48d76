package org.vmfinalize.server.instantvm;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.Set;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Chooses the folder for a new machine's disks: called like the machine, as vSphere does it.
final class FreeFolder {

    private static final int MAX_TRIES = 1000;

    private FreeFolder() {}

    /// A name of a folder that is not there: letters, digits, blanks and few other characters of `vmName`.
    ///
    /// @param taken names that others have, though their folders may not be there yet
    static String find(Datastore datastore, Set<String> taken, String vmName) {
        var base = vmName.replaceAll("[^\\p{L}\\p{N} ()+,=@_.-]", "_").replaceFirst("^[. -]", "_");
        var folder = base;
        for (int i = 1; i < MAX_TRIES; i++) {
            if (!taken.contains(folder)
                    && Files.notExists(datastore.directory().resolve(folder), LinkOption.NOFOLLOW_LINKS)) {
                return folder;
            }
            folder = base + "_" + i;
        }
        throw new Problem(ProblemType.NAME_TAKEN,
                "datastore '%s': too many folders are called like '%s'; choose another name".formatted(
                        datastore.name(),
                        base));
    }
}
