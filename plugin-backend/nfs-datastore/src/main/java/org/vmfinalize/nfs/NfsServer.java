package org.vmfinalize.nfs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.mount.MountProgram;
import org.vmfinalize.nfs.portmap.PortmapProgram;
import org.vmfinalize.nfs.portmap.PortmapProgram.Mapping;
import org.vmfinalize.nfs.rpc.RpcLimits;
import org.vmfinalize.nfs.rpc.RpcProgram;
import org.vmfinalize.nfs.rpc.RpcServer;
import org.vmfinalize.nfs.rpc.RpcServer.Transport;
import org.vmfinalize.nfs.v3.Nfs3Program;

/// A running NFS server.
///
/// The datastores stay their owner's: open them before, close them after.
///
/// **Threads:** any number may call. It owns one thread per connection (see [RpcServer]), up to 64 threads `nfs-disk-N`
/// that wait for devices, and virtual threads `nfs-backup-N` that wait for backups; all end with [#close()].
public final class NfsServer implements AutoCloseable {

    private static final int DISK_THREADS = 64;
    private static final Duration GRACE = Duration.ofSeconds(5);
    /// MOUNT and the portmapper have short calls and short answers.
    private static final RpcLimits SMALL_CALLS = RpcLimits.forPayload(1 << 13);

    private final Exports exports;
    private final ThreadPoolExecutor disk = diskThreads();
    private final ExecutorService waiting = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("nfs-backup-", 0).factory());
    private final List<RpcServer> servers = new ArrayList<>();
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

    private NfsPorts serve(NfsSettings settings) throws IOException {
        NfsStatus backupUnavailable = switch (settings.whenBackupUnavailable()) {
            case TRY_LATER -> NfsStatus.JUKEBOX;
            case FAIL -> NfsStatus.IO;
        };
        Nfs3Program nfsProgram = new Nfs3Program(exports, disk, waiting, backupUnavailable);
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
        if (settings.portmapperPort() == NfsSettings.NO_PORTMAPPER) {
            return new NfsPorts(nfs, mount, NfsSettings.NO_PORTMAPPER);
        }
        PortmapProgram portmapProgram = new PortmapProgram(
                mappings(nfs, mount, onePort, settings.portmapperPort()));
        int portmapper = serve("portmapper", settings, settings.portmapperPort(), Transport.TCP_AND_UDP,
                List.of(portmapProgram), SMALL_CALLS);
        return new NfsPorts(nfs, mount, portmapper);
    }

    private int serve(String name, NfsSettings settings, int port, Transport transport,
            List<RpcProgram> programs,
            RpcLimits limits) throws IOException {
        RpcServer server = RpcServer.start(name, new InetSocketAddress(settings.address(), port), transport,
                programs, limits, exports::isKnown);
        servers.add(server);
        return server.port();
    }

    private static List<Mapping> mappings(int nfs, int mount, boolean onePort, int portmapper) {
        List<Mapping> mappings = new ArrayList<>();
        mappings.add(new Mapping(Nfs3Program.NUMBER, Nfs3Program.VERSION, PortmapProgram.TCP, nfs));
        mappings.add(new Mapping(MountProgram.NUMBER, MountProgram.VERSION, PortmapProgram.TCP, mount));
        if (!onePort) {
            mappings.add(new Mapping(MountProgram.NUMBER, MountProgram.VERSION, PortmapProgram.UDP, mount));
        }
        if (portmapper > 0) {
            mappings.add(new Mapping(PortmapProgram.NUMBER, PortmapProgram.VERSION, PortmapProgram.TCP,
                    portmapper));
            mappings.add(new Mapping(PortmapProgram.NUMBER, PortmapProgram.VERSION, PortmapProgram.UDP,
                    portmapper));
        }
        return mappings;
    }

    private static ThreadPoolExecutor diskThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(DISK_THREADS, DISK_THREADS, 30, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), Thread.ofPlatform().daemon().name("nfs-disk-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    public NfsPorts ports() {
        return ports;
    }

    /// Stops in an orderly way: accepts no more, answers the calls that have arrived, makes durable what was written.
    /// Calls that wait for a backup for longer than five seconds are cut off; clients send them again.
    ///
    /// @throws IOException if something that clients wrote may not be durable
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (RpcServer server : servers.reversed()) {
            try {
                server.close(GRACE);
            } catch (IOException e) {
                failure = e;
            }
        }
        // Threads that do file I/O are never interrupted: that would close channels under others.
        waiting.shutdown();
        disk.shutdown();
        try (exports) {
            disk.awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS);
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
