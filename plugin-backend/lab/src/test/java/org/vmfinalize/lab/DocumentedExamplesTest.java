package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.client.PinnedCertificate;
import tools.jackson.databind.json.JsonMapper;

/// What the user guide and the command line's page show is run as it is shown, on a server and a vCenter that run: each
/// `sh` block by bash, each paragraph of a `groovy` block as a script. Names of the reader's own site are replaced.
@TestInstance(Lifecycle.PER_CLASS)
class DocumentedExamplesTest {

    private static final Path DOCS = Path.of("..", "..", "docs");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(sh|groovy)\n(.*?)^```$");
    /// Boots a machine from kept changes; that QEMU reads them is shown by [RunAndDiscardTest].
    private static final String NOT_RUN = "qemu-system-x86_64";
    private static final int SIZE = 1 << 20;

    private final Map<String, String> environment = new LinkedHashMap<>();
    private CommandLineLab lab;
    private Path backup;
    private Path certificate;
    private Path launcher;
    private int machines;

    @BeforeAll
    void startALab(@TempDir Path folder) throws IOException, InterruptedException {
        Programs.require("curl", "curl");
        lab = CommandLineLab.start(folder, "db-01");
        backup = lab.backup("web-01", SIZE);
        lab.awaitBackups("db-01");
        certificate = certificate();
        launcher = TerminalSession.launcher(folder, lab.home());
        var login = Map.of("userName", lab.site().vsphere().userName(), "password",
                lab.site().vsphere().password());
        Files.writeString(folder.resolve("login.json"), new JsonMapper().writeValueAsString(login));
        var session = new JsonMapper()
                .readTree(lab.home().resolve("vm-finalize/session.json").toFile());
        environment.put("TOKEN", session.path("token").asString());
        environment.put("VMFINALIZE_PASSWORD_FILE", lab.passwordFile().toString());
        var done = lab.run("finalize", machine("first-01"), "--output", "json");
        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        environment.put("ID", new JsonMapper().readTree(done.output()).path("id").asString());
    }

    @AfterAll
    void stop() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyExampleWorks() {
        return Stream.of("command-line.md", "user-guide.md").flatMap(this::examples);
    }

    private Stream<DynamicTest> examples(String page) {
        try {
            return BLOCK.matcher(Files.readString(DOCS.resolve(page))).results().toList().stream()
                    .filter(block -> !block.group(2).startsWith(NOT_RUN))
                    .flatMap(block -> paragraphs(block).map(example -> DynamicTest.dynamicTest(
                            page + ": " + example.lines().findFirst().orElse(""),
                            () -> run(block.group(1), example))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A script with options of its own is one; else each paragraph stands for itself.
    private static Stream<String> paragraphs(MatchResult block) {
        var text = block.group(2);
        return block.group(1).equals("sh") || text.contains("options(")
                ? Stream.of(text)
                : Arrays.stream(text.split("\n\n", -1));
    }

    private void run(String language, String example) throws IOException, InterruptedException {
        if (example.contains("web-01'") || example.contains("finalize web-01 ")) {
            machine("web-01");
        }
        var text = replaced(example);
        var file = Files.writeString(lab.folder().resolve("example." + language), text);
        var command = language.equals("sh")
                ? new ProcessBuilder("bash", "-euo", "pipefail", file.toString())
                : new ProcessBuilder(launcher.toString(), "run-script", file.toString(), "--place",
                        lab.backups().toString());
        command.environment().putAll(environment);
        var output = lab.folder().resolve("example.out");
        int status = command.directory(lab.folder().toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start().waitFor();

        assertThat(status).as("%s%n%s", text, Files.readString(output)).isZero();
        assertThat(Files.readString(output)).doesNotContain("\"status\":4", "\"status\":5");
    }

    private String replaced(String example) throws IOException {
        var text = example.replace("curl …",
                "curl -sS --cacert server.pem -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json'")
                .replace("https://finalize.example.org:8443", lab.address())
                .replace("alice@vsphere.local", lab.site().vsphere().userName())
                .replace("company-ca.pem", certificate.toString())
                .replace("server.pem", certificate.toString())
                .replace("~/.vcenter-password", lab.passwordFile().toString())
                .replace("scripts/vm-finalize", launcher.toString())
                .replace("/backups/web-01.qcow2", backup.toString())
                .replace("instant-1", LabSite.DATASTORE).replace("Test network", "VM Network")
                .replace("\"name\": \"web-01\"", "\"name\": \"web-01-rest\"");
        if (example.contains("(name: 'web-01-prod'")) {
            text = text.replace("web-01-prod", "web-01-groovy");
        }
        return example.contains("vm-51") || example.contains("vms.running")
                ? text.replace("vm-51", machine("fresh-" + ++machines))
                : text;
    }

    /// Runs one in a folder where the original of its name is not.
    private String machine(String name) throws IOException {
        return lab.site().api().run(Map.of("name", name, "backup", backup.toString(), "datastore",
                LabSite.DATASTORE, "folder", "Restored")).id();
    }

    private Path certificate() throws IOException {
        var address = URI.create(lab.address());
        var sockets = PinnedCertificate.trusting(lab.site().server().thumbprint()).getSocketFactory();
        try (var socket = (SSLSocket) sockets.createSocket(address.getHost(), address.getPort())) {
            var shown = socket.getSession().getPeerCertificates()[0].getEncoded();
            return Files.writeString(lab.folder().resolve("shown.pem"),
                    "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                            .formatted(Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(shown)));
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
    }
}
