package org.vmfinalize.places;

import java.io.Closeable;
import java.io.IOException;
import org.vmfinalize.backup.BackupFile;

/// Somewhere that backups may be taken from, such as a folder or a bucket.
///
/// **Threads:** any number may call any method at the same time.
public interface Place extends Closeable {

    /// What the administrator calls it; unique among the places of a server.
    String name();

    /// Where it is, for people: a path or a URI without credentials.
    String location();

    /// Whether `location` is written as one of this place. Looks at the text alone, so that a location outside does not
    /// tell whether there is anything.
    boolean covers(String location);

    /// The form of `location` that stays the same, however it was written.
    ///
    /// @param location one that this place [covers][#covers(String)]
    /// @throws OutsidePlacesException if it leads out of the place after all, such as by a link
    /// @throws BackupNotFoundException if there is nothing there
    /// @throws IOException if that cannot be told now
    String canonical(String location) throws IOException;

    /// Opens the file at `location`.
    ///
    /// @param location one that this place [covers][#covers(String)]
    /// @throws OutsidePlacesException if it leads out of the place after all
    /// @throws BackupNotFoundException if there is no such file, or none that can be read
    /// @throws IOException if it cannot be had now
    BackupFile open(String location) throws IOException;

    /// The files of the place, whatever is in them, in the order of their locations.
    ///
    /// @param most how many to list; at least 1
    /// @throws IOException if the place cannot be looked through now; the message names it
    Listing list(int most) throws IOException;

    /// Lets go of what the place's files have in common. Close the files first.
    @Override
    void close() throws IOException;
}
