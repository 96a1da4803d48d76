package org.vmfinalize.places.nbd;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.vmfinalize.places.BackupNotFoundException;
import org.vmfinalize.places.remote.PassingException;
import org.vmfinalize.trust.ServerTrust;

/// Connects to NBD servers.
///
/// **Threads:** any number.
///
/// @param trust    how servers are told from impostors where the address says TLS
/// @param connect  how long connecting and coming to terms may take
/// @param patience how long a request may take
record Connector(SSLContext trust, Duration connect, Duration patience) {

    private interface Talk<T> {
        T with(Handshake handshake) throws IOException;
    }

    /// Opens an export.
    ///
    /// @throws PassingException if the server cannot be reached now, or breaks off
    /// @throws BackupNotFoundException if it has no such export
    /// @throws IOException if it refuses, or is no server that can be talked to
    Transmission open(NbdAddress address) throws IOException {
        return talk(address, handshake -> {
            var export = handshake.open();
            return new Transmission(handshake.wire(), export, address.server(), patience);
        }, false);
    }

    /// The names of the exports of a server.
    List<String> list(NbdAddress address) throws IOException {
        return talk(address, handshake -> {
            var names = handshake.list();
            handshake.abort();
            return names;
        }, true);
    }

    private <T> T talk(NbdAddress address, Talk<T> talk, boolean hangUp) throws IOException {
        Wire wire;
        try {
            wire = Wire.connect(address, connect);
        } catch (UnknownHostException e) {
            throw new PassingException("the host %s is not known; check name and DNS".formatted(
                    address.host()), e);
        } catch (IOException e) {
            throw new PassingException("NBD server %s cannot be reached: %s".formatted(address.server(),
                    e.getMessage()), e);
        }
        // A handshake that hangs is broken off by closing the connection.
        var ended = new CompletableFuture<Boolean>();
        var _ = ended.completeOnTimeout(false, connect.toNanos(), TimeUnit.NANOSECONDS).thenAccept(
                inTime -> closeUnless(inTime, wire));
        boolean kept = false;
        try {
            var handshake = Handshake.begin(address, wire, trust);
            T result = talk.with(handshake);
            kept = !hangUp;
            return result;
        } catch (PassingException | BackupNotFoundException e) {
            throw e;
        } catch (SSLException e) {
            throw ServerTrust.isDistrust(e)
                    ? new IOException("NBD server %s is not trusted: %s".formatted(address.server(),
                            e.getMessage()), e)
                    : new PassingException("TLS with NBD server %s failed: %s".formatted(address.server(),
                            e.getMessage()), e);
        } catch (java.io.EOFException | java.net.SocketException
                | java.nio.channels.ClosedChannelException e) {
            throw new PassingException("NBD server %s broke off the greeting".formatted(address.server()), e);
        } catch (IOException e) {
            throw new IOException("NBD server %s: %s".formatted(address.server(), e.getMessage()), e);
        } finally {
            ended.complete(kept);
        }
    }

    private static void closeUnless(boolean kept, Wire wire) {
        if (!kept) {
            try {
                wire.close();
            } catch (IOException _) {
                // Nothing was written that could be lost.
            }
        }
    }
}
