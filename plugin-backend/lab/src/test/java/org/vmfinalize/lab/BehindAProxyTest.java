package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.vcenter.LabVCenter;

/// The server and the command line as processes of their own, each behind a proxy that wants a login.
@TestInstance(Lifecycle.PER_CLASS)
class BehindAProxyTest {

    private static final String PROXY_PASSWORD = "proxy-secret";

    private Path folder;

    private LabVCenter vcenter;
    private ConnectProxy proxyOfTheServer;
    private ConnectProxy proxyOfTheUser;
    private ServerProcess server;
    private Path secret;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        vcenter = new LabVCenter(0, "admin-secret", "operator-secret");
        proxyOfTheServer = ConnectProxy.wanting("svc", PROXY_PASSWORD);
        proxyOfTheUser = ConnectProxy.wanting("alice", PROXY_PASSWORD);
        secret = secret("proxy-password", PROXY_PASSWORD);
        server = new ServerProcess(folder.resolve("server"),
                Map.of("vmfinalize.vcenter.url", vcenter.sdk().toString(), "vmfinalize.vcenter.thumbprint",
                        vcenter.thumbprint(), "vmfinalize.vcenter.proxy",
                        proxyOfTheServer.address().toString(),
                        "vmfinalize.vcenter.proxy-user", "svc", "vmfinalize.vcenter.proxy-password-file",
                        secret.toString(), "vmfinalize.register-extension", false),
                NfsPlace.anywhere());
        server.start();
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
        proxyOfTheUser.close();
        proxyOfTheServer.close();
        vcenter.close();
    }

    private Path secret(String name, String content) throws IOException {
        var file = Files.createFile(folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content + "\n");
    }

    private String address() {
        return "https://127.0.0.1:" + server.address().getPort();
    }

    private CommandRun logIn(Path home, String thumbprint, Path proxyPassword) throws Exception {
        return CommandRun.of(home, Map.of("VMFINALIZE_PASSWORD", "admin-secret"), "login", address(),
                "--user", LabVCenter.ADMINISTRATOR, "--thumbprint", thumbprint, "--proxy",
                proxyOfTheUser.address().toString(), "--proxy-user", "alice", "--proxy-password-file",
                proxyPassword.toString());
    }

    private Path home(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    @Test
    void theLoginAndWhatFollowsGoThroughBothProxiesAndNoPasswordIsWrittenDown() throws Exception {
        var home = home("known");

        var login = logIn(home, server.thumbprint(), secret);

        assertThat(login.status()).as("%s", login).isZero();
        assertThat(proxyOfTheServer.asked())
                .contains("CONNECT 127.0.0.1:%d 200".formatted(vcenter.sdk().getPort()));
        int before = proxyOfTheUser.asked().size();
        assertThat(before).isPositive();
        assertThat(CommandRun.of(home, Map.of(), "vms")).returns(0, CommandRun::status);
        assertThat(proxyOfTheUser.asked()).hasSizeGreaterThan(before);
        assertThat(Files.readString(home.resolve("vm-finalize/session.json")))
                .contains(secret.toString()).doesNotContain(PROXY_PASSWORD);
        assertThat(server.log()).content().doesNotContain(PROXY_PASSWORD);
    }

    @Test
    void aWrongPasswordForTheProxyIsToldInOneLine() throws Exception {
        var refused = logIn(home("wrong"), server.thumbprint(), secret("wrong-password", "wrong-secret"));

        assertRefused(refused, 3, "the proxy %s refuses the login of 'alice' (HTTP status 407)"
                .formatted(proxyOfTheUser.address()));
        assertThat(refused.errors()).doesNotContain("secret");
    }

    @Test
    void whatAnUntrustedServerShowsIsToldThroughTheProxy() throws Exception {
        assertRefused(logIn(home("untrusted"), "00".repeat(32), secret), 3,
                "log in with --thumbprint " + server.thumbprint());
    }

    @Test
    void halfALoginAndAPasswordThatOthersCanReadAreRefused() throws Exception {
        var home = home("half");
        assertRefused(CommandRun.of(home, Map.of(), "login", address(), "--proxy-user", "alice"), 2,
                "give all three");

        var open = Files.writeString(folder.resolve("open"), PROXY_PASSWORD);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused(logIn(home, server.thumbprint(), open), 2, "chmod 600");
    }

    private static void assertRefused(CommandRun run, int status, String reason) {
        assertThat(run).as("%s", run).returns(status, CommandRun::status);
        assertThat(run.errors().lines()).singleElement().asString().startsWith("vm-finalize: ")
                .contains(reason);
    }
}
