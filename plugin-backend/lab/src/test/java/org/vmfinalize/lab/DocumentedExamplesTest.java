package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.client.PinnedCertificate;
import tools.jackson.databind.json.JsonMapper;

/// What the user guide, the command line's page and the REST API's show is run as it is shown, on a server and a vCenter that run: each
/// `sh` block by bash, each paragraph of a `groovy` block as a script. Names of the reader's own site are replaced.
@TestInstance(Lifecycle.PER_CLASS)
class DocumentedExamplesTest {

    private static final Path DOCS = Path.of("..", "..", "docs");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
    /// In the text, too: a call of the command line between backticks.
    private static final Pattern CALL = Pattern.compile("`((?:source <\\()?scripts/vm-finalize [^`]+)`");
    /// What is not run here, by how it begins, and why.
    private static final Map<String, String> NOT_RUN = Map.of(
            "qemu-system-x86_64", "boots the reader's machine; RunAndDiscardTest has QEMU read such an image",
            "scripts/vm-finalize console", "asks for what is typed; ConsoleTerminalTest types",
            "scripts/vm-finalize run-script FILE",
            "a form, not a call; every groovy block is run in this way",
            "scripts/vm-finalize verify RECEIPT", "a form, not a call; its help has one that is parsed");
    private static final int SIZE = 1 << 20;

    private final Map<String, String> environment = new LinkedHashMap<>();
    private CommandLineLab lab;
    private Path backup;
    private Path certificate;
    private Path launcher;
    private LabGuests guests;
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
        guests = new LabGuests(lab.site().vsphere(), "db-01-test");
        environment.put("ID", new JsonMapper().readTree(done.output()).path("id").asString());
    }

    @AfterAll
    void stop() throws IOException {
        if (guests != null) {
            guests.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyExampleWorks() {
        return Stream.of("command-line.md", "user-guide.md", "rest-api.md").flatMap(this::examples);
    }

    /// A block that nobody knows how to run fails, unless [#NOT_RUN] says why it is not run.
    private Stream<DynamicTest> examples(String page) {
        var text = text(page);
        var blocks = BLOCK.matcher(text).results().toList().stream()
                .flatMap(block -> paragraphs(block).map(example -> named(page, example,
                        () -> run(block.group(1), example))));
        var calls = CALL.matcher(text).results().map(call -> call.group(1).replace("\\|", "|")).distinct()
                .map(call -> named(page, call, () -> run("sh", call)));
        return Stream.concat(blocks, calls).filter(example -> NOT_RUN.keySet().stream()
                .noneMatch(start -> example.getDisplayName().startsWith(page + ": " + start)));
    }

    private static DynamicTest named(String page, String example, Executable run) {
        return DynamicTest.dynamicTest(page + ": " + example.lines().findFirst().orElse(""), run);
    }

    @Test
    void whatIsNotRunIsInThePages() {
        var pages = text("command-line.md") + text("user-guide.md") + text("rest-api.md");

        assertThat(NOT_RUN.keySet()).allSatisfy(start -> assertThat(pages).contains(start));
    }

    private static String text(String page) {
        try {
            return Files.readString(DOCS.resolve(page));
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
        assertThat(language).as("the language of%n%s", example).isIn("sh", "groovy", "yaml");
        if (language.equals("yaml") || startsServer(example)) {
            startServer(example);
            return;
        }
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
                .replace("FILE.groovy", "example.groovy")
                .replace("/backups/web-01.qcow2", backup.toString())
                .replace("instant-1", LabSite.DATASTORE).replace("Test network", "VM Network")
                .replace("\"name\": \"web-01\"", "\"name\": \"web-01-rest\"");
        if (example.contains("'web-01-prod'")) {
            text = text.replace("web-01-prod", "web-01-groovy");
        }
        return example.contains("vm-51") || example.contains("vms.running")
                ? text.replace("vm-51", machine("fresh-" + ++machines))
                : text;
    }

    /// What the launcher does for `serve` once it has built the server is `java -jar`.
    private static boolean startsServer(String example) {
        return example.startsWith("scripts/vm-finalize serve ");
    }

    /// With the settings of a block on top of those of the first one, and addresses of this machine in place of the
    /// reader's, a server starts and says where it listens.
    private void startServer(String example) throws IOException, InterruptedException {
        var all = BLOCK.matcher(text("user-guide.md")).results()
                .filter(block -> block.group(1).equals("yaml"))
                .map(MatchResult::group).findFirst().orElseThrow().replaceAll("(?m)^```.*$", "");
        var folder = Files.createTempDirectory(lab.folder(), "guide");
        var files = new ArrayList<Path>();
        for (var settings : startsServer(example) ? List.of(all) : List.of(all, example)) {
            files.add(Files.writeString(folder.resolve("application-%d.yaml".formatted(files.size())),
                    onThisMachine(settings, folder)));
        }
        var locations = files.stream().map(Path::toString).collect(Collectors.joining(","));
        var log = folder.resolve("server.out");
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        var jar = Path.of("..", "plugin-server", "target", "plugin-server-0.1.0-SNAPSHOT-exec.jar");
        command.addAll(startsServer(example) && Files.exists(jar)
                ? List.of("-jar", jar.toAbsolutePath().normalize().toString())
                : List.of("-cp", ServerProcess.classPath(), "org.vmfinalize.server.PluginServer"));
        command.add("--spring.config.additional-location=" + locations);
        command.addAll(List.of("--vmfinalize.nfs.port=0", "--vmfinalize.nfs.mount-port=0",
                "--vmfinalize.nfs.portmapper-port=-1"));
        var server = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
                .start();
        try {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
            while (!Files.exists(folder.resolve("data/ports.json"))) {
                boolean ended = server.waitFor(100, TimeUnit.MILLISECONDS);
                assertThat(ended || System.nanoTime() > end).as(Files.readString(log)).isFalse();
            }
        } finally {
            server.destroy();
            assertThat(server.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private String onThisMachine(String settings, Path folder) throws IOException {
        return settings.replace("10.0.7.20", "127.0.0.1").replace("port: 8443", "port: 0")
                .replace("/var/lib/vm-finalize", folder.resolve("data").toString())
                .replace("https://finalize.example.org:8443", "https://127.0.0.1:8443")
                .replace("[/backups]", "[" + lab.backups() + "]")
                .replace("https://vcenter.example.org/sdk", lab.site().vsphere().sdk().toString())
                .replace("AB:CD:…", lab.site().vsphere().thumbprint())
                .replace("vm-finalize@vsphere.local", lab.site().vsphere().userName())
                .replace("/etc/vm-finalize/vcenter-password", lab.passwordFile().toString())
                .replace("/srv/instant-1", Files.createDirectories(folder.resolve("ds")).toString());
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
