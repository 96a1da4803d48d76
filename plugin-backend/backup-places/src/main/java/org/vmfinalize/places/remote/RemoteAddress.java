package org.vmfinalize.places.remote;

/// How a file or folder far away is addressed. [Object#toString()] gives its location, without credentials.
///
/// @param <A> the kind of address
public interface RemoteAddress<A extends RemoteAddress<A>> {

    /// The path below the server or bucket: without a leading `/`, decoded; a folder's ends in `/` or is empty.
    String path();

    /// Whether `other` is on the same server, or in the same bucket.
    boolean isSameServer(A other);
}
