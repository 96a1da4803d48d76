package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.Export;

/// rpcinfo and showmount as judges of the portmapper and of MOUNT; rpcbind as the one that has the portmapper's port.
class PortmapperTest {

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.111.3");
    private static final String HOST = ADDRESS.getHostAddress();

    @TempDir
    private Path directory;

    @BeforeEach
    void needTools() throws IOException {
        Command.need("rpcinfo", "rpcbind");
        Command.need("showmount", "nfs-common");
        try (var _ = new ServerSocket(111, 1, ADDRESS)) {
            assertThat(ADDRESS).isNotNull();
        } catch (BindException e) {
            assumeTrue(false, "port 111 cannot be had (run as root): " + e.getMessage());
        }
    }

    @Test
    void itsOwnPortmapperSatisfiesTheUsualTools() throws Exception {
        try (var datastore = Datastore.open("test", directory, TestExport.NO_BACKUPS);
                var server = NfsServer.start(new NfsSettings(ADDRESS, 0, 0, 111,
                        List.of(Export.toLoopback("/ds", datastore)),
                        NfsSettings.WhenBackupUnavailable.TRY_LATER));
                var client = new Nfs3Client(server.ports(), ADDRESS)) {
            client.mount("/ds");
            String nfs = Integer.toString(server.ports().nfs());
            String mount = Integer.toString(server.ports().mount());

            assertThat(
                    Command.outputOf("rpcinfo", "-p", HOST).lines().map(line -> line.strip().split("\\s+")))
                    .anySatisfy(line -> assertThat(line).startsWith("100003", "3", "tcp", nfs))
                    .anySatisfy(line -> assertThat(line).startsWith("100005", "3", "tcp", mount))
                    .anySatisfy(line -> assertThat(line).startsWith("100005", "3", "udp", mount))
                    .anySatisfy(line -> assertThat(line).startsWith("100000", "4", "tcp", "111"));
            // -s asks by version 3 or 4, -T looks the address up by version 4 and calls it.
            assertThat(Command.outputOf("rpcinfo", "-s", HOST)).contains("100003").contains("100005");
            assertThat(Command.outputOf("rpcinfo", "-T", "tcp", HOST, "nfs", "3"))
                    .contains("ready and waiting");
            assertThat(Command.outputOf("rpcinfo", "-T", "udp", HOST, "mountd", "3"))
                    .contains("ready and waiting");
            assertThat(Command.run(List.of("rpcinfo", "-T", "tcp", HOST, "nfs", "4")).status()).isEqualTo(1);
            assertThat(Command.outputOf("showmount", "-e", HOST)).contains("/ds").contains("127.0.0.0/8");
            assertThat(Command.outputOf("showmount", "-a", HOST)).contains(":/ds");
        }
    }

    @Test
    void clientsThatComeByIpv6AreToldAnAddressOfThatKind() throws Exception {
        InetAddress loopback = InetAddress.ofLiteral("::1");
        try (var datastore = Datastore.open("test", directory, TestExport.NO_BACKUPS);
                var server = NfsServer.start(new NfsSettings(InetAddress.ofLiteral("::"), 0, 0, 111,
                        List.of(Export.toLoopback("/ds", datastore)),
                        NfsSettings.WhenBackupUnavailable.TRY_LATER))) {
            assertThat(Command.outputOf("rpcinfo", "-T", "tcp6", "::1", "nfs", "3"))
                    .contains("ready and waiting");
            assertThat(Command.outputOf("rpcinfo", "-T", "tcp", HOST, "nfs", "3"))
                    .contains("ready and waiting");
            try (var client = new Nfs3Client(server.ports(), loopback)) {
                assertThat(client.mount("/ds").status()).isZero();
            }
        }
    }

    /// In a network of its own, since rpcbind takes the port on all addresses.
    @Test
    void whereRpcbindHasThePortTheServerRegistersThere() throws Exception {
        Command.need("ip", "iproute2");
        assumeTrue(Command.run(List.of("unshare", "--net", "--mount", "true")).status() == 0,
                "a network namespace must be allowed for this user");
        List<String> words = new ArrayList<>(List.of("unshare", "--net", "--mount", "sh", "-c",
                "mount -t tmpfs none /run && ip link set lo up && { rpcbind -f & echo $! >/run/rpcbind.pid; }"
                        + " && until rpcinfo -p 127.0.0.1 >/run/list; do :; done && exec \"$@\"",
                "sh"));
        words.addAll(ServerProcess.command(Files.createDirectory(directory.resolve("ds")), 0));
        words.add("111");
        String list;
        try (var server = ServerProcess.of(new ProcessBuilder(words))) {
            list = rpcinfo(server);
            assertThat(list.lines().map(line -> line.strip().split("\\s+")))
                    .anySatisfy(line -> assertThat(line).startsWith("100003", "3", "tcp",
                            Integer.toString(server.ports().nfs())))
                    .anySatisfy(line -> assertThat(line).startsWith("100005", "3", "udp",
                            Integer.toString(server.ports().mount())));
            assertThat(inNetworkOf(server, "showmount", "-e", "127.0.0.1")).contains("/ds");
            assertThat(inNetworkOf(server, "rpcinfo", "-T", "tcp", "127.0.0.1", "nfs", "3"))
                    .contains("ready and waiting");
            String rpcbind = inNetworkOf(server, "cat", "/run/rpcbind.pid").strip();
            server.stop();
            // The network lives as long as rpcbind, whose list has to be as before.
            try {
                assertThat(Command.outputOf("nsenter", "--net", "--mount", "-t", rpcbind, "rpcinfo", "-p",
                        "127.0.0.1"))
                        .contains("100000").doesNotContain("100003").doesNotContain("100005");
            } finally {
                Command.outputOf("kill", rpcbind);
            }
        }
    }

    private static String rpcinfo(ServerProcess server) throws IOException, InterruptedException {
        return inNetworkOf(server, "rpcinfo", "-p", "127.0.0.1");
    }

    private static String inNetworkOf(ServerProcess server, String... words)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(
                List.of("nsenter", "--net", "--mount", "-t", Long.toString(server.pid())));
        all.addAll(List.of(words));
        return Command.outputOf(all.toArray(String[]::new));
    }
}
