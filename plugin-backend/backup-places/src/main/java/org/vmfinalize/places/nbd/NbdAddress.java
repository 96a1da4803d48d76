package org.vmfinalize.places.nbd;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.vmfinalize.places.remote.RemoteAddress;

/// Where an NBD server is, and an export or a folder of exports there: `nbd://HOST:PORT/EXPORT`, `nbds://HOST:PORT/EXPORT`
/// for TLS, `nbd+unix:///EXPORT?socket=PATH` (NBD project, `doc/uri.md`).
///
/// @param socket the path of the server's socket on this machine; then there are neither host nor TLS
/// @param host   empty with a socket
/// @param tls    whether nothing is said before the connection is encrypted
/// @param export the export's name; may be empty
record NbdAddress(Optional<Path> socket, String host, int port, boolean tls, String export)
        implements
            RemoteAddress<NbdAddress> {

    private static final int DEFAULT_PORT = 10809;
    private static final int MAX_EXPORT_CHARACTERS = 1000;

    /// Empty if `text` is no NBD address.
    static Optional<NbdAddress> parse(String text) {
        try {
            return Optional.of(of(new URI(text)));
        } catch (URISyntaxException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// @throws IllegalArgumentException if it is no NBD address, with the reason
    static NbdAddress of(URI uri) {
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null || uri.getPath() == null) {
            throw new IllegalArgumentException(
                    "must look like nbd://HOST:PORT/EXPORT, without user or fragment");
        }
        String path = uri.getPath();
        String export = path.startsWith("/") ? path.substring(1) : path;
        if (export.length() > MAX_EXPORT_CHARACTERS || export.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "the export's name must be at most %d characters without control characters"
                            .formatted(MAX_EXPORT_CHARACTERS));
        }
        return switch (String.valueOf(uri.getScheme())) {
            case "nbd" -> new NbdAddress(Optional.empty(), hostOf(uri), portOf(uri), false, export);
            case "nbds" -> new NbdAddress(Optional.empty(), hostOf(uri), portOf(uri), true, export);
            case "nbd+unix" -> new NbdAddress(Optional.of(socketOf(uri)), "", 0, false, export);
            default -> throw new IllegalArgumentException(
                    "the scheme must be nbd, nbds or nbd+unix but was '%s'".formatted(uri.getScheme()));
        };
    }

    private static String hostOf(URI uri) {
        if (uri.getHost() == null || uri.getRawQuery() != null) {
            throw new IllegalArgumentException("must name a host and have no query");
        }
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int portOf(URI uri) {
        return uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    }

    private static Path socketOf(URI uri) {
        String query = uri.getQuery();
        if (query == null || !query.startsWith("socket=/") || uri.getHost() != null) {
            throw new IllegalArgumentException("must look like nbd+unix:///EXPORT?socket=/PATH");
        }
        try {
            return Path.of(query.substring("socket=".length())).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("the socket's path is none: " + e.getReason(), e);
        }
    }

    @Override
    public String path() {
        return export;
    }

    @Override
    public boolean isSameServer(NbdAddress other) {
        return socket.equals(other.socket) && host.equalsIgnoreCase(other.host) && port == other.port
                && tls == other.tls;
    }

    NbdAddress withExport(String name) {
        return new NbdAddress(socket, host, port, tls, name);
    }

    /// Whether the server is reached without a network.
    boolean isOnThisMachine() {
        return socket.isPresent() || host.equalsIgnoreCase("localhost") || host.startsWith("127.")
                || host.equals("::1");
    }

    /// The server, for messages.
    String server() {
        return socket.map(Path::toString).orElse(host + ":" + port);
    }

    @Override
    public String toString() {
        try {
            return (socket.isPresent()
                    ? new URI("nbd+unix", "", "/" + export, "socket=" + socket.get(), null)
                    : new URI(tls ? "nbds" : "nbd", null, host, port == DEFAULT_PORT ? -1 : port,
                            "/" + export, null, null))
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
