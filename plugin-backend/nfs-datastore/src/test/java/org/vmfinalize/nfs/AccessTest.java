package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.ClientNetwork;
import org.vmfinalize.nfs.export.ClientRule;
import org.vmfinalize.nfs.export.Export;

/// Who may use which export, and how clients find the ports.
class AccessTest {

    private static final int ACCES = 13;
    private static final int ROFS = 30;
    private static final int XDEV = 18;
    private static final int PORTMAP = 100000;

    @TempDir
    private Path directory;
    private final List<Datastore> datastores = new ArrayList<>();
    private NfsServer server;
    private Nfs3Client client;

    @BeforeEach
    void start() throws IOException {
        var elsewhere = List.of(ClientRule.parse("192.0.2.0/24"), ClientRule.parse("2001:db8::/32"));
        server = NfsServer.start(NfsSettings.onLoopback(List.of(
                Export.toLoopback("/open", datastore("open")),
                Export.toLoopback("/second", datastore("second")),
                new Export("/closed", datastore("closed"), elsewhere),
                new Export("/fixed", datastore("fixed"), List.of(ClientRule.parse("127.0.0.1(ro)"))))));
        client = new Nfs3Client(server.ports());
    }

    private Datastore datastore(String name) throws IOException {
        Path folder = Files.createDirectory(directory.resolve(name));
        Files.writeString(folder.resolve("file"), "content");
        var datastore = Datastore.open(name, folder, TestExport.NO_BACKUPS);
        datastores.add(datastore);
        return datastore;
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
        for (Datastore datastore : datastores) {
            datastore.close();
        }
    }

    @Test
    void aClientThatIsNotOnTheListGetsNothing() throws IOException {
        assertThat(client.mount("/closed").status()).isEqualTo(ACCES);
        assertThat(client.mount("/closed/file").status()).isEqualTo(ACCES);

        var handle = ByteBuffer.wrap(client.mount("/open").handle().clone());
        var crc = new java.util.zip.CRC32C();
        crc.update("/closed".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        handle.putInt(4, (int) crc.getValue());

        assertThat(client.getattr(handle.array()).status()).isEqualTo(ACCES);
    }

    @Test
    void aReadOnlyExportRefusesEveryChange() throws IOException {
        byte[] root = client.mount("/fixed").handle();
        byte[] file = client.lookup(root, "file").handle();

        assertThat(client.read(file, 0, 100).data()).hasSize(7);
        assertThat(client.access(file, 0x0d)).isEqualTo(1);
        assertThat(client.write(file, 0, new byte[1], Nfs3Client.FILE_SYNC).status()).isEqualTo(ROFS);
        assertThat(client.create(root, "new").status()).isEqualTo(ROFS);
        assertThat(client.mkdir(root, "new").status()).isEqualTo(ROFS);
        assertThat(client.remove(root, "file")).isEqualTo(ROFS);
        assertThat(client.rename(root, "file", root, "other")).isEqualTo(ROFS);
        assertThat(client.setSize(file, 0)).isEqualTo(ROFS);
    }

    @Test
    void exportsCannotBeMixed() throws IOException {
        byte[] open = client.mount("/open").handle();
        byte[] fixed = client.mount("/fixed").handle();
        byte[] second = client.mount("/second").handle();

        assertThat(client.rename(fixed, "file", open, "stolen")).isEqualTo(ROFS);
        assertThat(client.rename(open, "file", second, "stolen")).isEqualTo(XDEV);
        assertThat(client.attributes(open).fsid()).isNotEqualTo(client.attributes(fixed).fsid());
    }

    @Test
    void thePortmapperNamesThePorts() throws IOException {
        var ports = server.ports();
        try (var portmapper = new Nfs3Client(new NfsPorts(ports.portmapper(), 0, 0))) {
            assertThat(port(portmapper, 100003, 3, 6)).isEqualTo(ports.nfs());
            assertThat(port(portmapper, 100005, 3, 6)).isEqualTo(ports.mount());
            assertThat(port(portmapper, 100005, 3, 17)).isEqualTo(ports.mount());
            assertThat(port(portmapper, 100021, 4, 6)).isZero();
            assertThat(set(portmapper, 1)).isFalse();
            assertThat(set(portmapper, 2)).isFalse();
        }
    }

    private static int port(Nfs3Client portmapper, int program, int version, int protocol)
            throws IOException {
        return portmapper.call(PORTMAP, 2, 3, out -> {
            out.xdrEncodeInt(program);
            out.xdrEncodeInt(version);
            out.xdrEncodeInt(protocol);
            out.xdrEncodeInt(0);
        }, in -> in.xdrDecodeInt());
    }

    private static boolean set(Nfs3Client portmapper, int procedure) throws IOException {
        return portmapper.call(PORTMAP, 2, procedure, out -> {
            out.xdrEncodeInt(100003);
            out.xdrEncodeInt(3);
            out.xdrEncodeInt(6);
            out.xdrEncodeInt(6666);
        }, in -> in.xdrDecodeBoolean());
    }

    @Test
    void thePortmapperAndMountAnswerDatagramsToo() throws IOException {
        byte[] getport = CallBytes.header(2, PORTMAP, 2, 3).number(0).number(0).number(0).number(0)
                .number(100003)
                .number(3).number(6).number(0).record();
        assertThat(askByDatagram(server.ports().portmapper(), getport).getInt(24))
                .isEqualTo(server.ports().nfs());
        byte[] mount = CallBytes.header(2, 100005, 3, 1).rootCredential().number(0).number(0)
                .opaque("/open".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).record();
        assertThat(askByDatagram(server.ports().mount(), mount).getInt(24)).isZero();
    }

    private static ByteBuffer askByDatagram(int port, byte[] call) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(20_000);
            // Noise before it must not matter.
            socket.send(new DatagramPacket(new byte[]{1, 2, 3}, 3, InetAddress.getLoopbackAddress(), port));
            socket.send(new DatagramPacket(call, call.length, InetAddress.getLoopbackAddress(), port));
            var reply = new DatagramPacket(new byte[9000], 9000);
            socket.receive(reply);
            return ByteBuffer.wrap(reply.getData(), 0, reply.getLength());
        }
    }

    @Test
    void exportsAreListedWithTheirClients() throws IOException {
        var names = new ArrayList<String>();
        try (var mount = new Nfs3Client(new NfsPorts(server.ports().mount(), 0, 0))) {
            mount.call(100005, 3, 5, _ -> {
            }, in -> {
                while (in.xdrDecodeBoolean()) {
                    names.add(in.xdrDecodeString());
                    while (in.xdrDecodeBoolean()) {
                        names.add(in.xdrDecodeString());
                    }
                }
                return true;
            });
        }
        assertThat(names).contains("/open", "/closed", "/fixed", "127.0.0.0/8", "192.0.2.0/24");
    }

    @Test
    void aCallThatIsSentAgainFromAnotherPortGetsTheSameAnswer() throws IOException {
        byte[] root = client.mount("/open").handle();
        byte[] create = CallBytes.nfs(8).opaque(root).opaque(new byte[]{'x'}).number(1).number(0).number(0)
                .number(0)
                .number(0).number(0).number(0).record();
        byte[] remove = CallBytes.nfs(12).opaque(root).opaque(new byte[]{'x'}).record();

        ByteBuffer created = ask(create);
        assertThat(created.getInt(24)).isZero();
        assertThat(ask(create)).isEqualTo(created);
        ByteBuffer removed = ask(remove);
        assertThat(removed.getInt(24)).isZero();
        assertThat(ask(remove)).isEqualTo(removed);
        assertThat(client.remove(root, "x")).isEqualTo(2);
    }

    private ByteBuffer ask(byte[] record) throws IOException {
        try (var connection = new RawConnection(server.ports().nfs())) {
            connection.sendRecord(record);
            return connection.receive();
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        var settings = NfsSettings.onLoopback(List.of(Export.toLoopback("/open", datastores.getFirst())))
                .withPorts(server.ports().nfs(), 0, NfsSettings.NO_PORTMAPPER);

        assertThatIOException().isThrownBy(() -> NfsServer.start(settings))
                .withMessageContaining("nfs: port " + server.ports().nfs());
    }

    @Test
    void networksAreComparedBitByBit() throws IOException {
        var network = ClientNetwork.parse("10.1.128.0/17");
        assertThat(network.contains(InetAddress.ofLiteral("10.1.255.3"))).isTrue();
        assertThat(network.contains(InetAddress.ofLiteral("10.1.127.3"))).isFalse();
        assertThat(network.contains(InetAddress.ofLiteral("::1"))).isFalse();
        assertThat(ClientNetwork.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("203.0.113.9"))).isTrue();
        assertThat(ClientNetwork.parse("192.0.2.1").contains(InetAddress.ofLiteral("192.0.2.2"))).isFalse();
        for (String wrong : List.of("localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "")) {
            assertThatIllegalArgumentException().isThrownBy(() -> ClientNetwork.parse(wrong))
                    .withMessageContaining("'" + wrong + "'");
        }
        for (String wrong : List.of("ds", "/", "/a/../b", "/a/", "//a")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Export.toLoopback(wrong, datastores.getFirst()))
                    .withMessageContaining(wrong);
        }
    }
}
