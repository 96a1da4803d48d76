package org.vmfinalize.nfs.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.Export;
import org.vmfinalize.nfs.export.ExportTree;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.FileHandle;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.export.Node;
import org.vmfinalize.nfs.mount.MountProgram;
import org.vmfinalize.nfs.portmap.Mapping;
import org.vmfinalize.nfs.portmap.PortmapProgram;
import org.vmfinalize.nfs.portmap.ReachedAddress;
import org.vmfinalize.nfs.portmap.RpcbindProgram;
import org.vmfinalize.nfs.v3.Nfs3Program;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// All programs over one small export, without a network: what a fuzzer calls many thousand times a second.
///
/// A handle in a call is written as its magic and a letter, so that inputs are the same on every machine: `VFH1R` and 19
/// further bytes is the root, `VFH1F` the file `f`, `VFH1D` the folder `d`.
final class FuzzedExport implements AutoCloseable {

    private static final byte[] MAGIC = "VFH1".getBytes(US_ASCII);

    private final Path folder;
    private final Path directory;
    private final Datastore datastore;
    private final Exports exports;
    private final RpcDispatcher dispatcher;

    FuzzedExport() throws IOException {
        Path memory = Path.of("/dev/shm");
        folder = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "fuzz")
                : Files.createTempDirectory("fuzz");
        Files.writeString(folder.resolve("outside"), "secret");
        directory = Files.createDirectory(folder.resolve("ds"));
        datastore = Datastore.open("fuzz", directory, reference -> {
            throw new IOException("there is no backup " + reference.location());
        });
        exports = Exports.open(List.of(Export.toLoopback("/ds", datastore)));
        makeFiles();
        var mappings = List.of(new Mapping(Nfs3Program.NUMBER, 3, Mapping.TCP, 2049));
        var address = new ReachedAddress(InetAddress.getLoopbackAddress());
        dispatcher = new RpcDispatcher(
                List.of(new Nfs3Program(exports, _ -> Runnable::run, Runnable::run, NfsStatus.JUKEBOX, false),
                        new MountProgram(exports), new PortmapProgram(mappings),
                        new RpcbindProgram(3, mappings, address), new RpcbindProgram(4, mappings, address)));
    }

    private void makeFiles() throws IOException {
        if (!Files.exists(directory.resolve("f"))) {
            Files.writeString(directory.resolve("f"), "content");
        }
        Files.createDirectories(directory.resolve("d"));
    }

    /// Sends one message and checks that what comes back is what the protocol allows, and that nothing outside the
    /// export has changed.
    void check(byte[] message) throws IOException {
        makeFiles();
        byte[] call = withHandles(message);
        var reply = new MemoryReply();
        try {
            dispatcher.dispatch(ByteBuffer.allocateDirect(call.length).put(call).flip(), reply);
        } catch (RecordException e) {
            assertThat(reply.count).as(e.getMessage()).isZero();
            return;
        }
        assertThat(reply.count).isEqualTo(1);
        checkReply(ByteBuffer.wrap(call), reply.sent.flip());
        try (var inside = Files.list(folder)) {
            assertThat(inside).containsExactlyInAnyOrder(directory, folder.resolve("outside"));
        }
        assertThat(folder.resolve("outside")).hasContent("secret");
        assertThat(directory.resolve(Datastore.HIDDEN_FOLDER)).isDirectory();
    }

    private byte[] withHandles(byte[] message) throws IOException {
        byte[] call = message.clone();
        for (int at = 0; at + FileHandle.BYTES <= call.length; at++) {
            if (java.util.Arrays.equals(call, at, at + 4, MAGIC, 0, 4)) {
                FileHandle handle = handle(call[at + 4]);
                var encoded = ByteBuffer.allocate(FileHandle.BYTES + 4);
                handle.encode(new XdrWriter(encoded));
                System.arraycopy(encoded.array(), 4, call, at, FileHandle.BYTES);
                at += FileHandle.BYTES - 1;
            }
        }
        return call;
    }

    private FileHandle handle(byte letter) throws IOException {
        ExportTree tree = exports.trees().getFirst();
        Node root = tree.root();
        if (letter != 'F' && letter != 'D') {
            return root.handle();
        }
        byte[] name = {(byte) (letter == 'F' ? 'f' : 'd')};
        try (var open = tree.open(root)) {
            return tree.lookup(root, open, name).node().handle();
        }
    }

    private static void checkReply(ByteBuffer call, ByteBuffer reply) {
        assertThat(reply.remaining() % 4).isZero();
        assertThat(reply.getInt()).isEqualTo(call.getInt(0));
        assertThat(reply.getInt()).isEqualTo(RpcMessage.REPLY);
        if (reply.getInt() == RpcMessage.MSG_DENIED) {
            assertThat(reply.getInt()).isIn(RpcMessage.RPC_MISMATCH, RpcMessage.AUTH_ERROR);
            return;
        }
        assertThat(reply.getLong()).isZero();
        int status = reply.getInt();
        assertThat(status).isBetween(RpcMessage.SUCCESS, RpcMessage.GARBAGE_ARGS);
        if (status == RpcMessage.SUCCESS && call.getInt(12) == Nfs3Program.NUMBER && call.getInt(20) != 0) {
            int result = reply.getInt();
            assertThat(List.of(NfsStatus.values())).extracting(NfsStatus::number).contains(result);
            assertThat(result).isNotEqualTo(NfsStatus.SERVERFAULT.number());
        }
    }

    @Override
    public void close() throws IOException {
        exports.close();
        datastore.close();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
