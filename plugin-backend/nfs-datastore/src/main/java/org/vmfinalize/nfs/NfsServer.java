package org.vmfinalize.nfs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.FileSync;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.mount.MountProgram;
import org.vmfinalize.nfs.portmap.Mapping;
import org.vmfinalize.nfs.portmap.PortmapProgram;
import org.vmfinalize.nfs.portmap.ReachedAddress;
import org.vmfinalize.nfs.portmap.Registration;
import org.vmfinalize.nfs.portmap.RpcbindProgram;
import org.vmfinalize.nfs.rpc.RpcLimits;
import org.vmfinalize.nfs.rpc.RpcProgram;
import org.vmfinalize.nfs.rpc.RpcServer;
import org.vmfinalize.nfs.rpc.RpcServer.Transport;
import org.vmfinalize.nfs.v3.Nfs3Program;

/// A running NFS server.
///
/// The datastores stay their owner's: open them before, close them after.
///
/// **Threads:** any number may call. It owns one thread per connection and up to 64 more (see [RpcServer]), up to 32 threads
/// `nfs-disk EXPORT N` for each export that wait for its device, and virtual threads `nfs-backup-N` that wait for backups; all end with [#close()].
public final class NfsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NfsServer.class);

    private static final Duration GRACE = Duration.ofSeconds(2);
    /// MOUNT and the portmapper have short calls and short answers.
    private static final RpcLimits SMALL_CALLS = RpcLimits.forPayload(1 << 13);

    private final Exports exports;
    private final DiskThreads disk = new DiskThreads();
    private final ExecutorService waiting = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("nfs-backup-", 0).factory());
    private final List<RpcServer> servers = new ArrayList<>();
    private @Nullable Registration registration;
    private final NfsPorts ports;

    private NfsServer(NfsSettings settings, Exports exports) throws IOException {
        this.exports = exports;
        try {
            ports = serve(settings);
        } catch (IOException | RuntimeException e) {
            closeAfter(e);
            throw e;
        }
    }

    /// Starts serving.
    ///
    /// @throws IOException if a port cannot be had or an export's directory cannot be read
    /// @throws IllegalArgumentException if two exports have the same path
    public static NfsServer start(NfsSettings settings) throws IOException {
        return new NfsServer(settings, Exports.open(settings.exports()));
    }

    /// As [#start(NfsSettings)], with another way to make files durable, for tests.
    static NfsServer start(NfsSettings settings, FileSync fileSync) throws IOException {
        return new NfsServer(settings, Exports.open(settings.exports(), fileSync));
    }

    private NfsPorts serve(NfsSettings settings) throws IOException {
        NfsStatus backupUnavailable = switch (settings.whenBackupUnavailable()) {
            case TRY_LATER -> NfsStatus.JUKEBOX;
            case FAIL -> NfsStatus.IO;
        };
        Nfs3Program nfsProgram = new Nfs3Program(exports, disk::of, waiting, backupUnavailable,
                settings.everyWriteStable());
        MountProgram mountProgram = new MountProgram(exports);
        // MOUNT is served on both ports: clients that are told one port only find it there.
        int nfs = serve("nfs", settings, settings.nfsPort(), Transport.TCP, List.of(nfsProgram, mountProgram),
                Nfs3Program.limits().withConnections(settings.connections(),
                        settings.connectionsPerClient()));
        boolean onePort = settings.mountPort() == nfs;
        int mount = onePort
                ? nfs
                : serve("mount", settings, settings.mountPort(), Transport.TCP_AND_UDP, List.of(mountProgram),
                        SMALL_CALLS);
        List<Mapping> mappings = mappings(nfs, mount, onePort);
        int portmapper = settings.portmapperPort() == NfsSettings.NO_PORTMAPPER
                ? NfsSettings.NO_PORTMAPPER
                : announce(settings, mappings);
        return new NfsPorts(nfs, mount, portmapper);
    }

    /// Serves a portmapper. Where the machine's rpcbind has the usual port, its list is used instead.
    private int announce(NfsSettings settings, List<Mapping> mappings) throws IOException {
        try {
            return serve("portmapper", settings, settings.portmapperPort(), Transport.TCP_AND_UDP,
                    portmappers(settings, mappings), SMALL_CALLS);
        } catch (IOException e) {
            if (settings.portmapperPort() != NfsSettings.PORTMAPPER_PORT) {
                throw e;
            }
            try {
                registration = Registration.with(settings.portmapperPort(), mappings, settings.address());
                LOG.info("portmapper: port {} is that of rpcbind; registered there",
                        settings.portmapperPort());
                return settings.portmapperPort();
            } catch (IOException noRpcbind) {
                throw new IOException("%s; nor can rpcbind be used: %s".formatted(e.getMessage(),
                        noRpcbind.getMessage()), e);
            }
        }
    }

    private static List<RpcProgram> portmappers(NfsSettings settings, List<Mapping> others) {
        List<Mapping> mappings = new ArrayList<>(others);
        for (int version = PortmapProgram.VERSION; settings.portmapperPort() > 0 && version <= 4; version++) {
            for (int protocol : new int[]{Mapping.TCP, Mapping.UDP}) {
                mappings.add(
                        new Mapping(PortmapProgram.NUMBER, version, protocol, settings.portmapperPort()));
            }
        }
        List<RpcProgram> programs = new ArrayList<>();
        programs.add(new PortmapProgram(mappings));
        for (int version : RpcbindProgram.VERSIONS) {
            programs.add(new RpcbindProgram(version, mappings, new ReachedAddress(settings.address())));
        }
        return programs;
    }

    private int serve(String name, NfsSettings settings, int port, Transport transport,
            List<RpcProgram> programs,
            RpcLimits limits) throws IOException {
        RpcServer server = RpcServer.start(name, new InetSocketAddress(settings.address(), port), transport,
                programs, limits, exports::isKnown);
        servers.add(server);
        return server.port();
    }

    private static List<Mapping> mappings(int nfs, int mount, boolean onePort) {
        List<Mapping> mappings = new ArrayList<>();
        mappings.add(new Mapping(Nfs3Program.NUMBER, Nfs3Program.VERSION, Mapping.TCP, nfs));
        mappings.add(new Mapping(MountProgram.NUMBER, MountProgram.VERSION, Mapping.TCP, mount));
        if (!onePort) {
            mappings.add(new Mapping(MountProgram.NUMBER, MountProgram.VERSION, Mapping.UDP, mount));
        }
        return mappings;
    }

    public NfsPorts ports() {
        return ports;
    }

    /// Stops in an orderly way: accepts no more, answers the calls that have arrived, makes durable what was written.
    /// Calls that wait for a backup for longer than two seconds are cut off; clients send them again.
    ///
    /// @throws IOException if something that clients wrote may not be durable
    @Override
    public void close() throws IOException {
        IOException failure = null;
        try {
            if (registration != null) {
                registration.close();
            }
        } catch (IOException e) {
            LOG.warn(
                    "portmapper: the entries in rpcbind could not be taken back ({}); the next start uses them",
                    e.getMessage());
        }
        for (RpcServer server : servers.reversed()) {
            try {
                server.close(GRACE);
            } catch (IOException e) {
                failure = e;
            }
        }
        waiting.shutdown();
        try (exports) {
            disk.close(GRACE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void closeAfter(Exception cause) {
        try {
            close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
