package org.vmfinalize.places.nbd;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmfinalize.places.Listing;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.remote.RemoteFile;
import org.vmfinalize.places.remote.RemotePlace;
import org.vmfinalize.trust.ServerTrust;

/// An NBD server, or one export of it, or those of its exports whose names begin with a folder's.
public final class NbdPlace extends RemotePlace<NbdAddress> {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Connector connector;
    private final Openings openings = new Openings();

    /// @param uri      `nbd`, `nbds` or `nbd+unix`; an export's name that is empty or ends in `/` means all below it
    /// @param trust    how the server is told from an impostor, for `nbds`
    /// @param patience how long a request may take
    /// @throws IllegalArgumentException if it is no such URI
    public NbdPlace(String name, URI uri, ServerTrust trust, Duration patience, Link link,
            ReadThrough through) {
        this(name, uri, trust, patience, List.of(), link, through);
    }

    /// @param allowed folders of exports of the same server that the place's images may refer to, besides their own folder
    /// @throws IllegalArgumentException if one of `allowed` is none, and as the other constructor
    public NbdPlace(String name, URI uri, ServerTrust trust, Duration patience, List<URI> allowed, Link link,
            ReadThrough through) {
        super(name, NbdAddress.of(uri), allowed.stream().map(NbdAddress::of).toList(), link, through);
        var connect = CONNECT.compareTo(patience) < 0 ? CONNECT : patience;
        this.connector = new Connector(trust.context(), connect, patience);
    }

    /// Whether the server is another machine.
    ///
    /// @throws IllegalArgumentException if it is no such URI
    public static boolean isRemote(URI uri) {
        return !NbdAddress.of(uri).isOnThisMachine();
    }

    @Override
    protected Optional<NbdAddress> parse(String location) {
        return NbdAddress.parse(location);
    }

    @Override
    protected RemoteFile openOnce(NbdAddress address) throws IOException {
        return NbdFile.open(address, connector, openings);
    }

    @Override
    public Listing list(int most) throws IOException {
        var found = new ArrayList<Listing.Item>();
        for (var export : connector.list(base())) {
            var address = base().withExport(export);
            if (holds(address)) {
                found.add(new Listing.Item(address.toString(),
                        export.isEmpty() ? base().server() : export,
                        OptionalLong.empty(), Optional.empty()));
            }
        }
        found.sort(Comparator.comparing(Listing.Item::location));
        boolean complete = found.size() <= most;
        return new Listing(complete ? found : found.subList(0, most), complete);
    }

    @Override
    public void close() {
        // Connections belong to the files.
    }
}
