package org.vmfinalize.lab.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A program of other people's that a Linux guest needs.
enum Program {
    QEMU("qemu-system-x86_64", "qemu-system-x86"), QEMU_IMG("qemu-img", "qemu-utils"), BUSYBOX("busybox",
            "busybox-static"), MAKE_EXT4("mkfs.ext4", "e2fsprogs"), CHECK_EXT4("e2fsck",
                    "e2fsprogs"), READ_EXT4("debugfs", "e2fsprogs"), XZ("xz", "xz-utils");

    private final String command;
    private final String debianPackage;

    Program(String command, String debianPackage) {
        this.command = command;
        this.debianPackage = debianPackage;
    }

    /// The Debian package that has it.
    String debianPackage() {
        return debianPackage;
    }

    /// Where it is on this machine; programs for administrators are not on everybody's `PATH`.
    Optional<Path> find() {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/sbin"))
                .filter(folder -> !folder.isEmpty()).map(folder -> Path.of(folder, command))
                .filter(Files::isExecutable).findFirst();
    }

    /// @throws IOException if it is not installed
    Path path() throws IOException {
        return find().orElseThrow(() -> new IOException(
                "%s: must be installed but is not; install Debian package %s".formatted(command,
                        debianPackage)));
    }

    /// The command line that runs it.
    List<String> with(String... arguments) throws IOException {
        var line = new ArrayList<>(List.of(path().toString()));
        line.addAll(List.of(arguments));
        return line;
    }

    /// What one run said.
    record Outcome(int status, String output) {}

    /// Runs it to its end.
    Outcome run(String... arguments) throws IOException {
        var process = new ProcessBuilder(with(arguments)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            return new Outcome(process.waitFor(), output);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while %s was running".formatted(command), e);
        }
    }

    /// Runs it and returns what it said.
    ///
    /// @throws IOException if its exit status is not 0
    String succeed(String... arguments) throws IOException {
        var outcome = run(arguments);
        if (outcome.status() != 0) {
            throw new IOException("%s: must succeed but said: %s".formatted(command,
                    outcome.output().replaceAll("\\s*\\R\\s*", "; ")));
        }
        return outcome.output();
    }
}
