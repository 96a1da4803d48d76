package org.vmfinalize.places.remote;

import java.io.IOException;
import java.util.Optional;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.places.OutsidePlacesException;
import org.vmfinalize.places.Place;

/// What the places far away have in common.
///
/// @param <A> how a file is addressed there; [Object#toString()] gives its location
public abstract class RemotePlace<A> implements Place {

    private final String name;
    private final A base;
    private final Link link;
    private final ReadThrough through;

    /// @param base    the place itself
    /// @param link    how it is asked
    /// @param through what stands between a read and the link
    protected RemotePlace(String name, A base, Link link, ReadThrough through) {
        this.name = name;
        this.base = base;
        this.link = link;
        this.through = through;
    }

    /// The address that `location` is, if it is one of such a place.
    protected abstract Optional<A> parse(String location);

    /// Whether `address` is this place or lies below it.
    protected abstract boolean holds(A address);

    /// Opens a file; asks once. See [RemoteFile] for what is thrown.
    protected abstract RemoteFile openOnce(A address) throws IOException;

    protected final A base() {
        return base;
    }

    protected final Link link() {
        return link;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String location() {
        return base.toString();
    }

    @Override
    public final boolean covers(String location) {
        return parse(location).filter(this::holds).isPresent();
    }

    @Override
    public final String canonical(String location) throws IOException {
        return address(location).toString();
    }

    @Override
    public final BackupFile open(String location) throws IOException {
        var wanted = address(location);
        var opened = new RemoteFile[1];
        link.attempt(wanted.toString(), () -> opened[0] = openOnce(wanted));
        return RemoteBackupFile.of(opened[0], link, through);
    }

    private A address(String location) throws OutsidePlacesException {
        return parse(location).orElseThrow(() -> new OutsidePlacesException(location));
    }
}
