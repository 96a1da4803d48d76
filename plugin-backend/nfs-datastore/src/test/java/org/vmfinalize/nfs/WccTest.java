package org.vmfinalize.nfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.Nfs3Results.Attributes;
import org.vmfinalize.nfs.Nfs3Results.Before;
import org.vmfinalize.nfs.Nfs3Results.Changed;
import org.vmfinalize.nfs.Nfs3Results.Wcc;
import org.vmfinalize.nfs.Nfs3Results.Written;
import org.vmfinalize.nfs.export.Export;
import org.vmfinalize.nfs.export.FileSync;

/// Weak cache consistency data (RFC 1813, 2.6): what each change says of the file before and after it, and that a client is
/// never told of another one's change as if it were its own.
@Timeout(60)
class WccTest {

    private static final int NOT_SYNC = 10_002;
    private static final int NOENT = 2;
    private static final int EXIST = 17;
    private static final byte[] DATA = new byte[4096];

    @TempDir
    Path directory;

    private final SyncGate gate = new SyncGate();
    private Datastore datastore;
    private NfsServer server;
    private Nfs3Client client;
    private Nfs3Client other;
    private byte[] root;

    private void sync(int fd, boolean metadata) throws IOException {
        gate.pass();
        FileSync.SYSTEM.sync(fd, metadata);
    }

    @BeforeEach
    void start() throws IOException {
        datastore = Datastore.open("test", directory, TestExport.NO_BACKUPS);
        server = NfsServer.start(NfsSettings.onLoopback(List.of(Export.toLoopback("/ds", datastore))),
                this::sync);
        client = new Nfs3Client(server.ports());
        other = new Nfs3Client(server.ports());
        root = client.mount("/ds").handle();
    }

    @AfterEach
    void stop() throws IOException {
        gate.open();
        client.close();
        other.close();
        server.close();
        datastore.close();
    }

    private interface Change {
        Wcc of(byte[] about) throws IOException;
    }

    /// Makes a change by one client alone, and looks itself before and after.
    private void assertTold(byte[] about, Change change) throws IOException {
        Before before = Before.of(client.attributes(about));
        Wcc told = change.of(about);
        assertThat(told.before()).contains(before);
        assertThat(told.after()).contains(client.attributes(about));
    }

    private static Wcc only(Changed changed, int status) {
        assertThat(changed.status()).isEqualTo(status);
        assertThat(changed.wcc()).hasSize(1);
        return changed.wcc().getFirst();
    }

    private static Wcc done(Written written) {
        assertThat(written.status()).isZero();
        return written.wcc();
    }

    private static void name(XdrEncodingStream out, byte[] directory, String name) throws IOException {
        out.xdrEncodeDynamicOpaque(directory);
        out.xdrEncodeString(name);
    }

    @Test
    void changesOfAFileTellItsStateBeforeAndAfter() throws IOException {
        byte[] file = client.create(root, "vm.log").handle();

        assertTold(file, about -> done(client.write(about, 0, DATA, Nfs3Client.UNSTABLE)));
        assertTold(file, about -> done(client.write(about, 4096, DATA, Nfs3Client.FILE_SYNC)));
        assertTold(file, about -> done(client.commit(about)));
        assertTold(file,
                about -> only(client.setattrTold(about, out -> FileCalls.putAttributes(out, 0640, 99),
                        Optional.empty()), 0));
    }

    @Test
    void aGuardedChangeTellsItsStateAlsoWhenTheGuardDoesNotHold() throws IOException {
        byte[] file = client.create(root, "vm.vmx").handle();
        long ctime = client.attributes(file).ctime();

        assertTold(file, about -> only(
                client.setattrTold(about, out -> FileCalls.putAttributes(out, 0600, -1), Optional.of(ctime)),
                0));
        Attributes now = client.attributes(file);
        Wcc refused = only(client.setattrTold(file, out -> FileCalls.putAttributes(out, 0644, -1),
                Optional.of(ctime - 1)), NOT_SYNC);

        assertThat(refused.after()).contains(now);
        assertThat(now.mode()).isEqualTo(0600);
    }

    @Test
    void changesOfAFolderTellItsStateBeforeAndAfter() throws IOException {
        assertTold(root, about -> client.madeTold(8, about, "unchecked".getBytes(UTF_8), out -> {
            out.xdrEncodeInt(0);
            FileCalls.putAttributes(out, 0644, -1);
        }).wcc());
        assertTold(root, about -> client.madeTold(8, about, "guarded".getBytes(UTF_8), out -> {
            out.xdrEncodeInt(1);
            FileCalls.putAttributes(out, 0644, -1);
        }).wcc());
        assertTold(root, about -> client.madeTold(8, about, "exclusive".getBytes(UTF_8), out -> {
            out.xdrEncodeInt(2);
            out.xdrEncodeLong(7);
        }).wcc());
        assertTold(root, about -> client.madeTold(9, about, "folder".getBytes(UTF_8),
                out -> FileCalls.putAttributes(out, 0755, -1)).wcc());
        assertTold(root, about -> only(client.changedTold(12, out -> name(out, about, "guarded")), 0));
        assertTold(root, about -> only(client.changedTold(13, out -> name(out, about, "folder")), 0));
    }

    @Test
    void aRenameTellsOfBothFolders() throws IOException {
        byte[] from = client.mkdir(root, "from").handle();
        byte[] to = client.mkdir(root, "to").handle();
        client.create(from, "a");
        Before fromBefore = Before.of(client.attributes(from));
        Before toBefore = Before.of(client.attributes(to));

        Changed renamed = client.renameTold(from, "a", to, "b");

        assertThat(renamed.status()).isZero();
        assertThat(renamed.wcc()).containsExactly(
                new Wcc(Optional.of(fromBefore), Optional.of(client.attributes(from))),
                new Wcc(Optional.of(toBefore), Optional.of(client.attributes(to))));
    }

    @Test
    void whatIsRefusedTellsTheStateAfter() throws IOException {
        byte[] file = client.create(root, "a").handle();

        assertThat(only(client.changedTold(12, out -> name(out, root, "none")), NOENT).after())
                .contains(client.attributes(root));
        var refused = client.madeTold(8, root, "a".getBytes(UTF_8), out -> {
            out.xdrEncodeInt(1);
            FileCalls.putAttributes(out, 0644, -1);
        });
        assertThat(refused.found().status()).isEqualTo(EXIST);
        assertThat(refused.wcc().after()).contains(client.attributes(root));
        assertThat(client.write(file, 0, DATA, 1, Nfs3Client.UNSTABLE).wcc().after())
                .contains(client.attributes(file));
        assertThat(client.renameTold(root, "none", root, "b").wcc()).extracting(Wcc::after)
                .containsOnly(Optional.of(client.attributes(root)));
    }

    /// A client takes what lies between "before" and "after" for its own change and keeps what it remembers of the file.
    @Test
    void nobodyIsToldTheStateBeforeIfAnotherHasChangedTheFileMeanwhile() throws Exception {
        byte[] file = client.create(root, "vm.vswp").handle();
        var stable = beginWrite(file);

        Before before = Before.of(other.attributes(file));
        Written meanwhile = other.write(file, 8192, DATA, Nfs3Client.UNSTABLE);
        gate.open();

        assertThat(stable.get().status()).isZero();
        assertThat(stable.get().wcc().before()).as("of a write that another one came into").isEmpty();
        assertThat(stable.get().wcc().after().orElseThrow().size()).isEqualTo(8192 + DATA.length);
        assertThat(meanwhile.wcc().before()).as("of the one that nothing came into").contains(before);
    }

    @Test
    void aNewNameIsAChangeThatAnotherHasMade() throws Exception {
        byte[] file = client.create(root, "a").handle();
        var stable = beginWrite(file);

        assertThat(other.rename(root, "a", root, "b")).isZero();
        gate.open();

        assertThat(stable.get().wcc().before()).isEmpty();
        assertThat(stable.get().wcc().after()).contains(other.attributes(file));
    }

    /// Returns when the data are written and about to be made durable.
    private CompletableFuture<Written> beginWrite(byte[] file) throws InterruptedException {
        gate.shut();
        var written = CompletableFuture.supplyAsync(() -> write(file), Thread::startVirtualThread);
        gate.awaitSomebody();
        return written;
    }

    private Written write(byte[] file) {
        try {
            return client.write(file, 0, DATA, Nfs3Client.FILE_SYNC);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
