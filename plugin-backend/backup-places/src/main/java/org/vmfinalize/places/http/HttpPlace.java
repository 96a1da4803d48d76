package org.vmfinalize.places.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vmfinalize.places.Listing;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.remote.RemoteFile;
import org.vmfinalize.places.remote.RemotePlace;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// A folder on a web server, with all that is below it, or one file there.
public final class HttpPlace extends RemotePlace<Address> {

    private static final int MAX_INDEX_BYTES = 4 << 20;

    private final Web web;

    /// @param uri       `http` or `https`; a folder's ends in `/`
    /// @param redirects servers that redirects may lead to, such as `https://cdn.example.org`; on the place's own server they
    ///     may lead to what lies in the place, and to all of it if it is among these
    /// @param patience  how long the server may send nothing
    /// @throws IllegalArgumentException if it is no such URI, or would send credentials in the clear
    public HttpPlace(String name, URI uri, List<URI> redirects, Secrets secrets, ServerTrust trust,
            Duration patience, Link link, ReadThrough through) {
        this(name, uri, redirects, secrets, trust, patience, List.of(), link, through);
    }

    /// @param allowed folders of the place's own server that its images may refer to files of, besides their own folder
    /// @throws IllegalArgumentException if one of `allowed` is none, and as the other constructor
    public HttpPlace(String name, URI uri, List<URI> redirects, Secrets secrets, ServerTrust trust,
            Duration patience, List<URI> allowed, Link link, ReadThrough through) {
        super(name, Address.of(uri), allowed.stream().map(Address::of).toList(), link, through);
        boolean hasSecrets = secrets.file().isPresent() || secrets.prefix().isPresent();
        if (hasSecrets && !base().origin().isEncrypted() && !base().origin().isLoopback()) {
            throw new IllegalArgumentException("http would send the credentials in the clear; use https");
        }
        var origins = redirects.stream().map(Origin::of).collect(Collectors.toSet());
        this.web = new Web(base().origin(), this::mayServe, origins, secrets, trust, patience);
    }

    @Override
    protected Optional<Address> parse(String location) {
        return Address.parse(location);
    }

    @Override
    protected RemoteFile openOnce(Address address) throws IOException {
        return HttpFile.open(web, address);
    }

    private boolean isFolder() {
        return base().path().isEmpty() || base().path().endsWith("/");
    }

    /// What the server's index page of the folder links to: there is no other way to ask a web server.
    @Override
    public Listing list(int most) throws IOException {
        var index = new RangeBody(MAX_INDEX_BYTES);
        var answer = web.get(base().uri(), _ -> {
        }, head -> takesIndex(head) ? Optional.of(index) : Optional.empty());
        if (answer.response().statusCode() != 200 || !isFolder()) {
            throw new IOException(
                    "place %s: %s: must be a folder with an index page to be listed but the server answers with HTTP %d"
                            .formatted(name(), base(), answer.response().statusCode()));
        }
        return IndexPage.listing(base(), index.content(), most);
    }

    private boolean takesIndex(HttpResponse.ResponseInfo head) {
        return isFolder() && head.statusCode() == 200;
    }

    @Override
    public void close() {
        web.close();
    }
}
