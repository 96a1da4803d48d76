package org.vmfinalize.places.nbd;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.places.Listing;
import org.vmfinalize.places.OutsidePlacesException;
import org.vmfinalize.places.Place;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.remote.RemoteBackupFile;
import org.vmfinalize.trust.ServerTrust;

/// An NBD server, or one export of it, or those of its exports whose names begin with a folder's.
public final class NbdPlace implements Place {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final String name;
    private final NbdAddress address;
    private final Connector connector;
    private final Link link;
    private final ReadThrough through;

    /// @param uri      `nbd`, `nbds` or `nbd+unix`; an export's name that is empty or ends in `/` means all below it
    /// @param trust    how the server is told from an impostor, for `nbds`
    /// @param patience how long a request may take
    /// @throws IllegalArgumentException if it is no such URI
    public NbdPlace(String name, URI uri, ServerTrust trust, Duration patience, Link link,
            ReadThrough through) {
        this.name = name;
        this.address = NbdAddress.of(uri);
        var connect = CONNECT.compareTo(patience) < 0 ? CONNECT : patience;
        this.connector = new Connector(trust.context(), connect, patience);
        this.link = link;
        this.through = through;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String location() {
        return address.toString();
    }

    @Override
    public boolean covers(String location) {
        return NbdAddress.parse(location).filter(other -> other.isSameServer(address)
                && covered(other.export())).isPresent();
    }

    private boolean covered(String export) {
        String own = address.export();
        // A server may take names for paths.
        if (Arrays.asList(export.split("/", -1)).contains("..")) {
            return false;
        }
        return own.isEmpty() || own.equals(export) || (own.endsWith("/") && export.startsWith(own));
    }

    @Override
    public String canonical(String location) throws IOException {
        return addressOf(location).toString();
    }

    @Override
    public BackupFile open(String location) throws IOException {
        var wanted = addressOf(location);
        var opened = new NbdFile[1];
        link.attempt(wanted.toString(), () -> opened[0] = NbdFile.open(wanted, connector));
        return RemoteBackupFile.of(opened[0], link, through);
    }

    private static NbdAddress addressOf(String location) throws OutsidePlacesException {
        return NbdAddress.parse(location).orElseThrow(() -> new OutsidePlacesException(location));
    }

    @Override
    public Listing list(int most) throws IOException {
        var found = new ArrayList<Listing.Item>();
        for (var export : connector.list(address)) {
            if (covered(export)) {
                found.add(new Listing.Item(address.withExport(export).toString(),
                        export.isEmpty() ? address.server() : export,
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
