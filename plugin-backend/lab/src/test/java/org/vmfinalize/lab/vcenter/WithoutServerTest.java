package org.vmfinalize.lab.vcenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.ConnectProxy;
import org.vmfinalize.server.plugin.WithoutServer;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.soap.SoapConnector;

/// Registering with vCenter while no server runs.
class WithoutServerTest {

    private static final String PASSWORD = "the-lab-s";
    private static final String THUMBPRINT = "AB:".repeat(31) + "AB";

    @TempDir
    static Path folder;

    private static LabVCenter vcenter;
    private static Path passwordFile;

    private record Run(int status, String out, String err) {}

    @BeforeAll
    static void start() throws Exception {
        vcenter = new LabVCenter(0, PASSWORD, "operator");
        passwordFile = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    }

    @AfterAll
    static void stop() {
        vcenter.close();
    }

    private static Run run(Map<String, String> environment, String word, String... more) {
        var arguments = new ArrayList<>(List.of(word, "--vcenter", vcenter.sdk().toString(),
                "--vcenter-thumbprint", vcenter.thumbprint()));
        arguments.addAll(List.of(more));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status = WithoutServer.run(environment, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), arguments.toArray(String[]::new));
        return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Run asAdministrator(String word, String... more) {
        return run(Map.of("VMFINALIZE_USER", LabVCenter.ADMINISTRATOR, "VMFINALIZE_PASSWORD_FILE",
                passwordFile.toString()), word, more);
    }

    private static Run register(String url, String... more) {
        var arguments = new ArrayList<>(List.of("--url", url, "--thumbprint", THUMBPRINT));
        arguments.addAll(List.of(more));
        return asAdministrator("register", arguments.toArray(String[]::new));
    }

    @Test
    void itIsRegisteredOnceBroughtUpToDateAndTakenAwayAgain() {
        assertThat(asAdministrator("status").status()).isEqualTo(1);
        assertThat(register("https://one.example.org:8443", "--dry-run").out()).contains("registration");
        assertThat(vcenter.extensions()).isEmpty();

        assertThat(register("https://one.example.org:8443").status()).isZero();
        assertThat(vcenter.extensions()).singleElement().satisfies(extension -> {
            assertThat(extension.manifestUrl()).isEqualTo("https://one.example.org:8443/plugin.json");
            assertThat(extension.serverThumbprint()).isEqualTo(THUMBPRINT);
        });
        assertThat(register("https://one.example.org:8443").out()).contains("up to date");
        assertThat(register("https://two.example.org:8443", "--dry-run").out()).contains("two.example.org");
        assertThat(vcenter.extensions().getFirst().manifestUrl()).contains("one.example.org");
        assertThat(register("https://two.example.org:8443").status()).isZero();
        assertThat(asAdministrator("status").out()).contains("is registered, https://two.example.org:8443");

        assertThat(asAdministrator("unregister", "--dry-run").out()).contains("would be taken away");
        assertThat(vcenter.extensions()).hasSize(1);
        assertThat(asAdministrator("unregister").status()).isZero();
        assertThat(vcenter.extensions()).isEmpty();
        assertThat(asAdministrator("unregister").out()).contains("is not registered");
    }

    @Test
    void theAlarmComesAndGoesWithTheRegistration() {
        var url = "https://one.example.org:8443";
        register(url);
        try (var connector = new SoapConnector(VCenterAddress.pinned(vcenter.sdk(), vcenter.thumbprint()));
                var session = connector.login(LabVCenter.ADMINISTRATOR, PASSWORD)) {
            var alarm = VmFinalizeKeys.ALARM_BACKUP;
            assertThat(session.findAlarm(alarm.name())).contains(alarm);
            session.removeAlarm(alarm.name());
            assertThat(register(url, "--dry-run").out()).contains("alarm: not there");
            assertThat(session.findAlarm(alarm.name())).isEmpty();
            register(url);
            assertThat(session.findAlarm(alarm.name())).contains(alarm);

            asAdministrator("unregister");

            assertThat(session.findAlarm(alarm.name())).isEmpty();
        }
    }

    @Test
    void aProxyOnTheWayIsLoggedInTo() throws Exception {
        var secret = Files.writeString(folder.resolve("proxy-password"), "proxy-secret\n");
        var wrong = Files.writeString(folder.resolve("wrong-password"), "wrong-secret\n");
        try (var proxy = ConnectProxy.wanting("alice", "proxy-secret")) {
            var named = new String[]{"--vcenter-proxy", proxy.address().toString(), "--vcenter-proxy-user",
                    "alice", "--vcenter-proxy-password-file"};

            assertThat(asAdministrator("status", with(named, secret.toString())).out())
                    .contains("vm-finalize is not registered");
            assertThat(proxy.asked()).isNotEmpty();
            assertThat(asAdministrator("status", with(named, wrong.toString()))).satisfies(run -> {
                assertThat(run.status()).isEqualTo(3);
                assertThat(run.err()).hasLineCount(1).contains("refuses the login of 'alice'")
                        .doesNotContain("wrong-secret");
            });
            assertThat(asAdministrator("status", with(named, "no-such-file")).err()).hasLineCount(1)
                    .contains("no-such-file: must be a file with a password");
            assertThat(asAdministrator("status", "--vcenter-proxy-user", "alice")).satisfies(run -> {
                assertThat(run.status()).isEqualTo(2);
                assertThat(run.err()).hasLineCount(1).contains("give all three");
            });
        }
    }

    private static String[] with(String[] options, String last) {
        return Stream.concat(Stream.of(options), Stream.of(last)).toArray(String[]::new);
    }

    @Test
    void mistakesAreSaidInOneLine() {
        assertThat(register("http://plain.example.org")).satisfies(run -> {
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).contains("--url: must look like https://").hasLineCount(1);
        });
        assertThat(asAdministrator("register", "--url", "https://a:1").err()).contains("--thumbprint");
        assertThat(run(Map.of("VMFINALIZE_USER", LabVCenter.ADMINISTRATOR, "VMFINALIZE_PASSWORD", "wrong"),
                "status")).satisfies(run -> {
                    assertThat(run.status()).isEqualTo(3);
                    assertThat(run.err()).contains("InvalidLogin");
                });
        assertThat(run(Map.of("VMFINALIZE_USER", LabVCenter.OPERATOR, "VMFINALIZE_PASSWORD", "operator"),
                "register", "--url", "https://a.example.org", "--thumbprint", THUMBPRINT).err())
                .contains("Extension.Register");
    }
}
