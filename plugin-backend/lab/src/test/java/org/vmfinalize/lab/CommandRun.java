package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One run of the command line as a process of its own, as `scripts/vm-finalize` starts it.
///
/// @param status its exit status
/// @param output what it said
/// @param errors what it complained about
record CommandRun(int status, String output, String errors) {

    private static final long PATIENCE_MINUTES = 3;

    /// Runs it to its end.
    ///
    /// @param home takes its session
    static CommandRun of(Path home, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dstdout.encoding=UTF-8", "-cp",
                        ServerProcess.classPath(), "org.vmfinalize.cli.VmFinalize"));
        command.addAll(List.of(arguments));
        var output = Files.createTempFile(home, "command", ".out");
        var errors = Files.createTempFile(home, "command", ".err");
        var builder = new ProcessBuilder(command).redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("XDG_CONFIG_HOME", home.toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "%s must end within %d minutes but did not: %s%s".formatted(List.of(arguments),
                            PATIENCE_MINUTES, Files.readString(output), Files.readString(errors)));
        }
        return new CommandRun(process.exitValue(), Files.readString(output), Files.readString(errors));
    }
}
