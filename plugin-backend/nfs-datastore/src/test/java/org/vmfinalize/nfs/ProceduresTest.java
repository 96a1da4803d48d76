package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// All procedures on ordinary files, called through a third party's RPC.
class ProceduresTest {

    private static final int NOENT = 2;
    private static final int ACCES = 13;
    private static final int EXIST = 17;
    private static final int NOTDIR = 20;
    private static final int ISDIR = 21;
    private static final int INVAL = 22;
    private static final int NOTEMPTY = 66;
    private static final int STALE = 70;
    private static final int BADHANDLE = 10001;
    private static final int NOT_SYNC = 10002;
    private static final int NOTSUPP = 10004;
    private static final int BADTYPE = 10007;

    @TempDir
    private Path directory;
    private TestExport export;
    private Nfs3Client client;
    private byte[] root;

    @BeforeEach
    void start() throws IOException {
        export = new TestExport(directory, TestExport.NO_BACKUPS);
        client = export.client();
        root = client.mount("/ds").handle();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        export.close();
    }

    @Test
    void whatIsWrittenIsReadBackAndIsInTheDirectory() throws IOException {
        byte[] data = new byte[300_000];
        new Random(7).nextBytes(data);

        byte[] file = client.create(root, "disk.bin").handle();
        var written = client.write(file, 0, data, Nfs3Client.UNSTABLE);
        var committed = client.commit(file);

        assertThat(written.status()).isZero();
        assertThat(written.count()).isEqualTo(data.length);
        assertThat(written.verifier()).isEqualTo(committed.verifier());
        assertThat(written.wcc().before()).isPresent();
        assertThat(written.wcc().before().orElseThrow().size()).isZero();
        assertThat(written.wcc().after().orElseThrow().size()).isEqualTo(data.length);
        assertThat(client.read(file, 0, data.length).data()).isEqualTo(data);
        assertThat(Files.readAllBytes(directory.resolve("disk.bin"))).isEqualTo(data);
    }

    @Test
    void aReadSaysEndOfFileExactlyWhenItReachesTheEnd() throws IOException {
        byte[] file = client.create(root, "short").handle();
        client.write(file, 0, "0123456789".getBytes(StandardCharsets.US_ASCII), Nfs3Client.FILE_SYNC);

        assertThat(client.read(file, 0, 9).eof()).isFalse();
        assertThat(client.read(file, 0, 10).eof()).isTrue();
        var beyond = client.read(file, 3, 512);
        assertThat(beyond.eof()).isTrue();
        assertThat(new String(beyond.data(), StandardCharsets.US_ASCII)).isEqualTo("3456789");
        assertThat(client.read(file, 10, 10)).satisfies(read -> {
            assertThat(read.status()).isZero();
            assertThat(read.data()).isEmpty();
            assertThat(read.eof()).isTrue();
        });
        assertThat(client.read(file, Long.MAX_VALUE - 5, 1).eof()).isTrue();
        assertThat(client.read(file, 0, 0)).satisfies(read -> {
            assertThat(read.data()).isEmpty();
            assertThat(read.eof()).isFalse();
        });
        assertThat(client.read(file, -1, 100).status()).isEqualTo(INVAL);
    }

    @Test
    void stableWritesSayThatTheyAreStable() throws IOException {
        byte[] file = client.create(root, "f").handle();

        assertThat(client.write(file, 0, new byte[10], Nfs3Client.UNSTABLE).committed())
                .isEqualTo(Nfs3Client.UNSTABLE);
        assertThat(client.write(file, 0, new byte[10], Nfs3Client.DATA_SYNC).committed())
                .isGreaterThanOrEqualTo(Nfs3Client.DATA_SYNC);
        assertThat(client.write(file, 0, new byte[10], Nfs3Client.FILE_SYNC).committed())
                .isEqualTo(Nfs3Client.FILE_SYNC);
    }

    @Test
    void aWriteMustHaveAsManyBytesAsItSays() throws IOException {
        byte[] file = client.create(root, "f").handle();

        assertThat(client.write(file, 0, new byte[10], 11, Nfs3Client.UNSTABLE).status()).isEqualTo(INVAL);
        assertThat(client.write(file, 0, new byte[0], 0, Nfs3Client.UNSTABLE).status()).isZero();
        assertThat(client.write(file, -1, new byte[10], Nfs3Client.UNSTABLE).status()).isEqualTo(INVAL);
        assertThat(client.write(file, Long.MAX_VALUE, new byte[10], Nfs3Client.UNSTABLE).status())
                .isEqualTo(27);
        assertThat(client.write(root, 0, new byte[10], Nfs3Client.UNSTABLE).status()).isEqualTo(ISDIR);
    }

    @Test
    void usedIsWhatASparseFileReallyTakes() throws IOException {
        byte[] file = client.create(root, "sparse").handle();
        assertThat(client.setSize(file, 1L << 30)).isZero();
        client.write(file, 1 << 20, new byte[65_536], Nfs3Client.FILE_SYNC);

        var attributes = client.attributes(file);

        assertThat(attributes.size()).isEqualTo(1L << 30);
        assertThat(attributes.used()).isBetween(65_536L, 1L << 20)
                .isEqualTo(512 * blocks(directory.resolve("sparse")));
    }

    static long blocks(Path file) throws IOException {
        var process = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        try (var out = process.inputReader()) {
            return Long.parseLong(out.readLine());
        }
    }

    @Test
    void createKnowsItsThreeModes() throws IOException {
        var first = client.createExclusive(root, "lock", 0x1122334455667788L);
        assertThat(first.status()).isZero();
        assertThat(client.createExclusive(root, "lock", 0x1122334455667788L).handle())
                .isEqualTo(first.handle());
        assertThat(client.createExclusive(root, "lock", 42).status()).isEqualTo(EXIST);
        assertThat(client.createGuarded(root, "lock").status()).isEqualTo(EXIST);
        assertThat(client.create(root, "lock").handle()).isEqualTo(first.handle());
        assertThat(client.createGuarded(root, "other").status()).isZero();
        assertThat(client.mkdir(root, "folder").status()).isZero();
        assertThat(client.create(root, "folder").status()).isEqualTo(EXIST);
    }

    @Test
    void anExclusiveCreationIsKnownAgainAfterARestart() throws IOException {
        var first = client.createExclusive(root, "lock", 0x1122334455667788L);
        assertThat(client.read(first.handle(), 0, 512).eof()).isTrue();

        restart();

        assertThat(client.createExclusive(root, "lock", 0x1122334455667788L).handle())
                .isEqualTo(first.handle());
        assertThat(client.createExclusive(root, "lock", 7).status()).isEqualTo(EXIST);
    }

    @Test
    void handlesFileIdsAndTheWriteVerifierSurviveAPlannedRestart() throws IOException {
        byte[] folder = client.mkdir(root, "vm").handle();
        byte[] inner = client.mkdir(folder, "inner").handle();
        byte[] file = client.create(inner, "a.vmx~").handle();
        long before = client.write(file, 0, "hello".getBytes(StandardCharsets.US_ASCII), Nfs3Client.FILE_SYNC)
                .verifier();
        long fileid = client.attributes(file).fileid();

        assertThat(client.rename(inner, "a.vmx~", folder, "a.vmx")).isZero();
        restart();

        assertThat(client.attributes(file).fileid()).isEqualTo(fileid);
        assertThat(client.read(file, 0, 100).data()).asString(StandardCharsets.US_ASCII).isEqualTo("hello");
        assertThat(client.lookup(folder, "a.vmx").handle()).isEqualTo(file);
        assertThat(client.lookup(inner, "a.vmx~").status()).isEqualTo(NOENT);
        assertThat(client.commit(file).verifier()).isEqualTo(before);
        assertThat(directory.resolve(".vmfinalize/nfs-write-verifier")).doesNotExist();
    }

    private void restart() throws IOException {
        client.close();
        export.restart();
        client = export.client();
    }

    @Test
    void aFileThatWasMovedOnTheServerItselfIsFoundAgainAfterARestart() throws IOException {
        byte[] file = client.create(root, "a").handle();
        Files.createDirectory(directory.resolve("elsewhere"));
        export.stop();
        Files.move(directory.resolve("a"), directory.resolve("elsewhere/b"));

        restart();

        assertThat(client.getattr(file).status()).isZero();
    }

    @Test
    void aHandleOfARemovedFileIsStaleForEver() throws IOException {
        byte[] file = client.create(root, "a").handle();
        assertThat(client.remove(root, "a")).isZero();
        byte[] next = client.create(root, "a").handle();

        assertThat(client.getattr(file).status()).isEqualTo(STALE);
        assertThat(client.read(file, 0, 1).status()).isEqualTo(STALE);
        assertThat(client.write(file, 0, new byte[1], Nfs3Client.FILE_SYNC).status()).isEqualTo(STALE);
        assertThat(client.getattr(next).status()).isZero();
    }

    @Test
    void foreignHandlesAreRefused() throws IOException {
        assertThat(client.getattr(new byte[24]).status()).isEqualTo(BADHANDLE);
        assertThat(client.getattr(new byte[64]).status()).isEqualTo(BADHANDLE);
        byte[] otherExport = root.clone();
        otherExport[5] ^= 1;
        assertThat(client.getattr(otherExport).status()).isEqualTo(STALE);
        byte[] otherInode = root.clone();
        otherInode[15] ^= 1;
        assertThat(client.getattr(otherInode).status()).isEqualTo(STALE);
        assertThat(root.length).isLessThanOrEqualTo(56);
    }

    @Test
    void accessGrantsExactlyWhatWasAskedFor() throws IOException {
        byte[] file = client.create(root, "a").handle();

        for (int bits = 0; bits < 16; bits++) {
            int wanted = bits & (1 | 4 | 8);
            assertThat(client.access(file, wanted)).isEqualTo(wanted);
        }
        assertThat(client.access(root, 0x1f)).isEqualTo(0x1f);
    }

    @Test
    void anotherUserHasNoMoreRightsThanTheModeGives() throws IOException {
        byte[] file = client.create(root, "a").handle();
        client.setMode(file, 0600);
        try (var other = new Nfs3Client(export.ports(), 12345)) {
            assertThat(other.read(file, 0, 1).status()).isEqualTo(ACCES);
            assertThat(other.write(file, 0, new byte[1], Nfs3Client.UNSTABLE).status()).isEqualTo(ACCES);
            assertThat(other.setMode(file, 0777)).isEqualTo(1);
            assertThat(other.access(file, 0x3f)).isZero();
            assertThat(other.remove(root, "a")).isEqualTo(ACCES);
        }
    }

    @Test
    void setattrChangesSizeAndModeAndMindsItsGuard() throws IOException {
        byte[] file = client.create(root, "a").handle();

        assertThat(client.setMode(file, 0640)).isZero();
        assertThat(client.setSize(file, 12_345)).isZero();
        assertThat(client.attributes(file).mode()).isEqualTo(0640);
        assertThat(Files.size(directory.resolve("a"))).isEqualTo(12_345);

        assertThat(client.setattr(file, out -> FileCalls.putAttributes(out, 0600, -1), Optional.of(1L)))
                .isEqualTo(NOT_SYNC);
        assertThat(client.setattr(file, out -> FileCalls.putAttributes(out, 0600, -1),
                Optional.of(client.attributes(file).ctime()))).isZero();
        assertThat(client.setSize(file, Long.MIN_VALUE + 1)).isZero(); // the helper leaves negative sizes out
        assertThat(client.setSize(root, 0)).isEqualTo(ISDIR);
    }

    @Test
    void removingAndRenamingFollowTheRules() throws IOException {
        byte[] folder = client.mkdir(root, "folder").handle();
        client.create(folder, "inside");
        client.create(root, "file");
        byte[] second = client.create(root, "second").handle();

        assertThat(client.rmdir(root, "folder")).isEqualTo(NOTEMPTY);
        assertThat(client.rmdir(root, "file")).isEqualTo(NOTDIR);
        assertThat(client.remove(root, "folder")).isEqualTo(ISDIR);
        assertThat(client.remove(root, "none")).isEqualTo(NOENT);
        assertThat(client.remove(second, "none")).isEqualTo(NOTDIR);
        assertThat(client.rename(root, "none", root, "x")).isEqualTo(NOENT);
        assertThat(client.rename(root, "second", root, "file")).isZero();
        assertThat(client.lookup(root, "file").handle()).isEqualTo(second);
        assertThat(client.rename(root, "file", root, "file")).isZero();
        assertThat(client.remove(folder, "inside")).isZero();
        assertThat(client.rmdir(root, "folder")).isZero();
    }

    @Test
    void whatVirtualMachinesDoNotNeedIsRefused() throws IOException {
        byte[] file = client.create(root, "a").handle();

        assertThat(client.symlink(root, "link", "/etc/passwd")).isEqualTo(NOTSUPP);
        assertThat(client.link(file, root, "hard")).isEqualTo(NOTSUPP);
        assertThat(client.mknod(root, "device", 4)).isEqualTo(NOTSUPP);
        assertThat(client.mknod(root, "fifo", 7)).isEqualTo(NOTSUPP);
        assertThat(client.mknod(root, "regular", 1)).isEqualTo(BADTYPE);
        assertThat(client.readlink(file)).isEqualTo(INVAL);
    }

    @Test
    void theFileSystemIsDescribedTruly() throws IOException {
        assertThat(client.fsinfo(root)).containsExactly(1 << 20, 1 << 20);
        assertThat(client.pathconf(root)).isEqualTo(255);
        assertThat(client.fsstat(root)[0]).isEqualTo(Files.getFileStore(directory).getTotalSpace());
        client.nullProcedure();

        byte[] file = client.create(root, "large").handle();
        long largest = client.largestFile(root);
        assertThat(client.setSize(file, largest)).isZero();
        assertThat(client.setSize(file, largest + 1)).isEqualTo(27);
        assertThat(directory.resolve(".vmfinalize/nfs-largest-file")).doesNotExist();
    }

    @Test
    void onlyExportsAndFoldersBelowThemCanBeMounted() throws IOException {
        client.mkdir(root, "vm");
        client.create(root, "file");

        assertThat(client.mount("/ds/").handle()).isEqualTo(root);
        assertThat(client.mount("/ds/vm").handle()).isEqualTo(client.lookup(root, "vm").handle());
        assertThat(client.mount("/ds/file").status()).isEqualTo(NOTDIR);
        assertThat(client.mount("/ds/none").status()).isEqualTo(NOENT);
        assertThat(client.mount("/ds/../etc").status()).isEqualTo(NOENT);
        assertThat(client.mount("/ds/.vmfinalize").status()).isEqualTo(NOENT);
        assertThat(client.mount("/").status()).isEqualTo(NOENT);
        assertThat(client.mount("/" + "x".repeat(2000)).status()).isEqualTo(63);
    }
}
