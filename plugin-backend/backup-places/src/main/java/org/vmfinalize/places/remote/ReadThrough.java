package org.vmfinalize.places.remote;

/// What stands between a read and the link, such as a cache.
@FunctionalInterface
public interface ReadThrough {

    /// A reader of `file` that takes from `link` what it has not.
    Reader reader(RemoteFile file, Reader link);

    /// Nothing stands between.
    static ReadThrough straight() {
        return (_, link) -> link;
    }
}
