package org.vmfinalize.places.s3;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.places.Listing;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.remote.RemoteFile;
import org.vmfinalize.places.remote.RemotePlace;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/// A bucket, or what lies below a prefix of it.
public final class S3Place extends RemotePlace<Bucket> {

    private final S3Client client;

    /// @param uri      `s3://BUCKET/PREFIX/`
    /// @param patience how long the server may send nothing
    /// @throws IllegalArgumentException if it is no such URI
    public S3Place(String name, URI uri, S3Server server, Secrets secrets, ServerTrust trust,
            Duration patience, Link link, ReadThrough through) {
        this(name, uri, server, secrets, trust, patience, List.of(), link, through);
    }

    /// @param allowed prefixes of the same bucket that the place's images may refer to objects of, besides their own folder
    /// @throws IllegalArgumentException if one of `allowed` is none, and as the other constructor
    public S3Place(String name, URI uri, S3Server server, Secrets secrets, ServerTrust trust,
            Duration patience, List<URI> allowed, Link link, ReadThrough through) {
        super(name, Bucket.of(uri), allowed.stream().map(Bucket::of).toList(), link, through);
        this.client = S3Clients.client(server, secrets, trust, patience);
    }

    @Override
    protected Optional<Bucket> parse(String location) {
        return Bucket.parse(location);
    }

    @Override
    protected RemoteFile openOnce(Bucket address) throws IOException {
        return S3File.open(client, address);
    }

    @Override
    public Listing list(int most) throws IOException {
        var found = new ArrayList<Listing.Item>();
        link().attempt(location(), () -> {
            found.clear();
            String from = null;
            do {
                from = listFrom(from, found);
            } while (from != null && found.size() <= most);
        });
        boolean complete = found.size() <= most;
        return new Listing(complete ? found : found.subList(0, most), complete);
    }

    /// One page of the listing.
    ///
    /// @return where the next one begins, null at the end
    private @Nullable String listFrom(@Nullable String token, List<Listing.Item> found)
            throws IOException {
        var page = Answers.of(() -> client.listObjectsV2(
                request -> request.bucket(base().name()).prefix(base().key()).continuationToken(token)));
        for (S3Object object : page.contents()) {
            if (!object.key().endsWith("/") && object.size() > 0) {
                found.add(new Listing.Item(base().withKey(object.key()).toString(),
                        object.key().substring(base().key().length()), OptionalLong.of(object.size()),
                        Optional.ofNullable(
                                object
                                        .lastModified())));
            }
        }
        return Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    }

    @Override
    public void close() {
        client.close();
    }
}
