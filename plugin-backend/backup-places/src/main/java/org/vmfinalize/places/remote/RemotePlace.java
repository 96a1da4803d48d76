package org.vmfinalize.places.remote;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.places.OutsidePlacesException;
import org.vmfinalize.places.Place;

/// What the places far away have in common.
///
/// @param <A> how a file is addressed there
public abstract class RemotePlace<A extends RemoteAddress<A>> implements Place {

    private final String name;
    private final A base;
    private final List<A> allowed;
    private final Link link;
    private final ReadThrough through;

    /// @param base    the place itself
    /// @param allowed folders of the same server that images of this place may refer to files of, besides their own folder
    /// @param link    how it is asked
    /// @param through what stands between a read and the link
    /// @throws IllegalArgumentException if one of `allowed` is no folder of that server
    protected RemotePlace(String name, A base, List<A> allowed, Link link, ReadThrough through) {
        for (var one : allowed) {
            if (!one.isSameServer(base) || !isFolder(one.path())) {
                throw new IllegalArgumentException(
                        "allowed-references: must be folders of the place's own server or bucket, ending in '/', but one was %s"
                                .formatted(one));
            }
        }
        this.name = name;
        this.base = base;
        this.allowed = List.copyOf(allowed);
        this.link = link;
        this.through = through;
    }

    /// The address that `location` is, if it is one of such a place.
    protected abstract Optional<A> parse(String location);

    /// Whether `address` is this place or lies below it.
    protected final boolean holds(A address) {
        return address.isSameServer(base) && holds(address.path());
    }

    /// Whether a path lies in this place or in one of the folders that its images may refer to.
    protected final boolean mayServe(String path) {
        return holds(path)
                || (allowed.stream().anyMatch(one -> path.startsWith(one.path())) && !hasParents(path));
    }

    private static boolean hasParents(String path) {
        return Arrays.asList(path.split("/", -1)).contains("..");
    }

    private boolean holds(String path) {
        // A server may take names for paths.
        if (hasParents(path)) {
            return false;
        }
        return path.equals(base.path()) || (isFolder(base.path()) && path.startsWith(base.path()));
    }

    private static boolean isFolder(String path) {
        return path.isEmpty() || path.endsWith("/");
    }

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
        var references = References.around(opened[0].path(),
                allowed.stream().map(RemoteAddress::path).toList(),
                this::holds);
        return new RemoteBackupFile(opened[0], link, references, through);
    }

    private A address(String location) throws OutsidePlacesException {
        return parse(location).orElseThrow(() -> new OutsidePlacesException(location));
    }
}
