package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.ClientRule;
import org.vmfinalize.nfs.export.Export;

/// What the rules of an export allow its clients.
class ClientRuleTest {

    private static final int PERM = 1;
    private static final int ACCES = 13;
    private static final int ROFS = 30;
    private static final int NOBODY = 65534;

    @TempDir
    private Path directory;
    private Datastore datastore;

    @BeforeEach
    void open() throws IOException {
        datastore = Datastore.open("test", directory, TestExport.NO_BACKUPS);
        Files.writeString(directory.resolve("file"), "content");
    }

    @AfterEach
    void close() throws IOException {
        datastore.close();
    }

    private NfsServer serve(String... rules) throws IOException {
        var clients = List.of(rules).stream().map(ClientRule::parse).toList();
        return NfsServer.start(NfsSettings.onLoopback(List.of(new Export("/ds", datastore, clients))));
    }

    @Test
    void rootIsRootUnlessTheRuleSaysOtherwise() throws IOException {
        Files.setPosixFilePermissions(directory.resolve("file"),
                PosixFilePermissions.fromString("rw-------"));
        try (var server = serve("127.0.0.1"); var client = new Nfs3Client(server.ports())) {
            byte[] root = client.mount("/ds").handle();
            assertThat(client.create(root, "made").status()).isZero();
            assertThat(client.read(client.lookup(root, "file").handle(), 0, 7).data()).hasSize(7);
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var server = serve("127.0.0.1(root_squash)"); var client = new Nfs3Client(server.ports())) {
            byte[] root = client.mount("/ds").handle();
            byte[] file = client.lookup(root, "file").handle();
            assertThat(client.create(root, "more").status()).isEqualTo(ACCES);
            assertThat(client.mkdir(root, "more").status()).isEqualTo(ACCES);
            assertThat(client.remove(root, "file")).isEqualTo(ACCES);
            assertThat(client.rename(root, "file", root, "other")).isEqualTo(ACCES);
            assertThat(client.read(file, 0, 7).status()).isEqualTo(ACCES);
            assertThat(client.write(file, 0, new byte[1], Nfs3Client.FILE_SYNC).status()).isEqualTo(ACCES);
            assertThat(client.setMode(file, 0777)).isEqualTo(PERM);
            assertThat(client.access(file, 0x3f)).isZero();
        }
    }

    @Test
    void whatASquashedRootMakesBelongsToNobody() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (var server = serve("127.0.0.1(rw,root_squash)"); var client = new Nfs3Client(server.ports())) {
            byte[] root = client.mount("/ds").handle();
            byte[] made = client.create(root, "made").handle();

            assertThat(client.attributes(made)).satisfies(attributes -> {
                assertThat(attributes.uid()).isEqualTo(NOBODY);
                assertThat(attributes.gid()).isEqualTo(NOBODY);
            });
            assertThat(client.write(made, 0, new byte[1], Nfs3Client.FILE_SYNC).status()).isZero();
        }
    }

    @Test
    void onlyRootGivesFilesAway() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (var server = serve("127.0.0.1");
                var user = new Nfs3Client(server.ports(), 1000);
                var root = new Nfs3Client(server.ports())) {
            byte[] folder = user.mount("/ds").handle();
            byte[] file = user.create(folder, "mine").handle();

            assertThat(user.setattr(file, out -> putOwner(out, 0, 1000), Optional.empty())).isEqualTo(PERM);
            assertThat(user.setattr(file, out -> putOwner(out, 1000, 0), Optional.empty())).isEqualTo(PERM);
            assertThat(user.setattr(file, out -> putOwner(out, 1000, 1000), Optional.empty())).isZero();
            assertThat(user
                    .create(folder, "setuid".getBytes(java.nio.charset.StandardCharsets.US_ASCII), out -> {
                        out.xdrEncodeInt(1);
                        putOwner(out, 0, 0);
                    }).status()).isEqualTo(PERM);
            assertThat(directory.resolve("setuid")).doesNotExist();
            assertThat(root.setattr(file, out -> putOwner(out, 7, 8), Optional.empty())).isZero();
            assertThat(root.attributes(file).uid()).isEqualTo(7);
        }
    }

    private static void putOwner(org.dcache.oncrpc4j.xdr.XdrEncodingStream out, int uid, int gid) {
        out.xdrEncodeBoolean(true);
        out.xdrEncodeInt(04755);
        out.xdrEncodeBoolean(true);
        out.xdrEncodeInt(uid);
        out.xdrEncodeBoolean(true);
        out.xdrEncodeInt(gid);
        out.xdrEncodeBoolean(false);
        out.xdrEncodeInt(0);
        out.xdrEncodeInt(0);
    }

    @Test
    void theRuleOfTheSmallestNetworkCounts() throws IOException {
        try (var server = serve("0.0.0.0/0", "127.0.0.1(ro)", "127.0.0.0/8(rw)");
                var client = new Nfs3Client(server.ports())) {
            byte[] root = client.mount("/ds").handle();
            assertThat(client.create(root, "made").status()).isEqualTo(ROFS);
        }
        var export = new Export("/ds", datastore, List.of(ClientRule.parse("10.0.0.0/8(ro root_squash)"),
                ClientRule.parse("10.1.0.0/16")));
        assertThat(export.ruleFor(InetAddress.ofLiteral("10.1.2.3")))
                .isEqualTo(ClientRule.parse("10.1.0.0/16(rw)"));
        assertThat(export.ruleFor(InetAddress.ofLiteral("10.2.2.3")))
                .isEqualTo(ClientRule.parse("10.0.0.0/8(root_squash,ro)"));
        assertThat(export.ruleFor(InetAddress.ofLiteral("11.2.2.3"))).isNull();
        assertThat(export.ruleFor(InetAddress.getLoopbackAddress())).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8(", "10.0.0.0/8(ro", "10.0.0.0/8(rx)", "10.0.0.0/8(ro,rw)",
            "10.0.0.0/8(root_squash no_root_squash)", "host(ro)", "(ro)"})
    void aRuleOfAnotherFormIsNamed(String rule) {
        assertThatIllegalArgumentException().isThrownBy(() -> ClientRule.parse(rule))
                .withMessageContaining("'" + rule.replaceAll("^(host)?\\(.*", "$1"));
    }

    @Test
    void exportsInsideEachOtherAreRefused(@TempDir Path outer) throws IOException {
        Path inner = Files.createDirectory(outer.resolve("inner"));
        try (var one = Datastore.open("outer", outer, TestExport.NO_BACKUPS);
                var other = Datastore.open("inner", inner, TestExport.NO_BACKUPS)) {
            var settings = NfsSettings
                    .onLoopback(
                            List.of(Export.toLoopback("/inner", other), Export.toLoopback("/outer", one)));
            assertThatIllegalArgumentException().isThrownBy(() -> NfsServer.start(settings))
                    .withMessageContaining("neither inside");
        }
    }
}
