package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// A shell in a terminal of 110 columns, as a person sits before it: a tmux server of its own.
final class TerminalSession implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long BETWEEN_LOOKS_NANOS = 100_000_000;

    private final Path folder;

    private TerminalSession(Path folder) {
        this.folder = folder;
    }

    /// Opens it, with `vm-finalize` on the path and in the session of a lab.
    ///
    /// @param shell and its arguments
    static TerminalSession open(CommandLineLab lab, String name, String... shell)
            throws IOException, InterruptedException {
        Programs.require("tmux", "tmux");
        var folder = Files.createDirectories(lab.folder().resolve(name));
        launcher(folder, lab.home());
        var session = new TerminalSession(folder);
        var arguments = new ArrayList<>(List.of("-f", "/dev/null", "new-session", "-d", "-x", "110", "-y",
                "40", "env", "PATH=%s:%s".formatted(folder, System.getenv("PATH")), "HOME=" + folder,
                "LC_ALL=C.UTF-8", "PS1=$ ", "PROMPT=$ "));
        arguments.addAll(List.of(shell));
        session.tmux(arguments.toArray(String[]::new));
        return session;
    }

    /// What `scripts/vm-finalize` starts once it is built.
    static Path launcher(Path folder, Path home) throws IOException {
        var launcher = folder.resolve("vm-finalize");
        Files.writeString(launcher,
                """
                        #!/bin/sh
                        XDG_CONFIG_HOME='%s' exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dstdout.encoding=UTF-8 \\
                            --enable-native-access=ALL-UNNAMED -cp '%s' org.vmfinalize.cli.VmFinalize "$@"
                        """
                        .formatted(home, Path.of(System.getProperty("java.home"), "bin", "java"),
                                ServerProcess.classPath()));
        return Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Types words, and keys by tmux's names such as `Enter`, `Tab` or `C-c`.
    void type(String... words) throws IOException, InterruptedException {
        for (var word : words) {
            tmux("send-keys", "--", word);
        }
    }

    /// What is seen now.
    String screen() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p");
    }

    /// The same with the codes of its colours.
    String colouredScreen() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p", "-e");
    }

    /// Waits until it is seen.
    String await(String text) throws IOException, InterruptedException {
        return await(screen -> screen.contains(text), text);
    }

    String await(Predicate<String> wanted, String what) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var screen = screen();
            if (wanted.test(screen)) {
                return screen;
            }
            assertThat(System.nanoTime()).as("'%s' must be seen but this was:%n%s", what, screen)
                    .isLessThan(end);
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            tmux("kill-server");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String tmux(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("tmux", "-S", folder.resolve("tmux").toString()));
        command.addAll(List.of(arguments));
        return LabRun.tool(folder, command.toArray(String[]::new));
    }
}
