package org.vmfinalize.vcenter.conformance;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;

/// govmomi's simulator of a vCenter, which nobody of this project wrote: `src/test/go/vcsim`, built by Debian's Go.
///
/// It ends with its standard input, thus also when the tests are killed.
///
/// @param folder where its datastore may lie
record Simulator(Process process, URI sdk, String password, Path folder) implements AutoCloseable {

    static final String USER = "conformance";

    private static final Path SOURCE = Path.of("src/test/go/vcsim/main.go");
    private static final Path PROGRAM = Path.of("target/vcsim");
    private static final Path LIBRARIES = Path.of("/usr/share/gocode");

    static Simulator start() throws IOException {
        Assumptions.assumeTrue(isOnPath("go"), "go is not installed; Debian has it in golang-go");
        Assumptions.assumeTrue(
                Files.isDirectory(LIBRARIES.resolve("src/github.com/vmware/govmomi/simulator")),
                "govmomi's simulator is not installed; Debian has it in golang-github-vmware-govmomi-dev");
        build();
        String password = UUID.randomUUID().toString();
        var folder = Files.createTempDirectory("vcsim");
        var builder = new ProcessBuilder(PROGRAM.toAbsolutePath().toString())
                .redirectError(Path.of("target/vcsim.log").toFile());
        builder.environment().put("VCSIM_USER", USER);
        builder.environment().put("VCSIM_PASSWORD", password);
        var process = builder.start();
        String address = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (address == null) {
            throw new IOException("the simulator did not start; target/vcsim.log says why");
        }
        return new Simulator(process, URI.create(address), password, folder);
    }

    private static void build() throws IOException {
        if (Files.exists(PROGRAM)
                && Files.getLastModifiedTime(PROGRAM).compareTo(Files.getLastModifiedTime(SOURCE)) > 0) {
            return;
        }
        var builder = new ProcessBuilder("go", "build", "-o", PROGRAM.toString(), SOURCE.toString())
                .redirectErrorStream(true);
        builder.environment().put("GOPATH", LIBRARIES.toString());
        builder.environment().put("GO111MODULE", "off");
        builder.environment().put("GOCACHE", Path.of("target/go-cache").toAbsolutePath().toString());
        var process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("the simulator could not be built: " + said);
        }
    }

    private static boolean isOnPath(String program) {
        return Arrays
                .stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
