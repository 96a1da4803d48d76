package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One run of the lab as a process of its own, as `scripts/lab` starts it.
///
/// @param status its exit status
/// @param output what it said
/// @param errors what it complained about
/// @param report what it wrote to `--report`; missing if it wrote none
record LabRun(int status, String output, String errors, JsonNode report) {

    private static final long PATIENCE_MINUTES = 5;

    /// Runs it to its end in `folder`, which takes its temporary files, too.
    static LabRun of(Path folder, String... arguments) throws IOException, InterruptedException {
        var reportFile = folder.resolve("report.json");
        Files.deleteIfExists(reportFile);
        var all = new ArrayList<>(List.of("--exit", "--report", reportFile.toString()));
        all.addAll(List.of(arguments));
        var process = start(folder, all);
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroy();
            throw new AssertionError("the lab must end within %d minutes but did not: %s"
                    .formatted(PATIENCE_MINUTES, Files.readString(folder.resolve("output"))));
        }
        var mapper = new JsonMapper();
        var report = Files.exists(reportFile) ? mapper.readTree(reportFile.toFile()) : mapper.missingNode();
        return new LabRun(process.exitValue(), Files.readString(folder.resolve("output")),
                Files.readString(folder.resolve("errors")), report);
    }

    /// Starts it with its output and errors going to the files of these names.
    static Process start(Path folder, List<String> arguments) throws IOException {
        var temporary = Files.createDirectories(folder.resolve("temporary files"));
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary, "-Dstdout.encoding=UTF-8",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow", "-cp", ServerProcess.classPath(),
                        "org.vmfinalize.lab.Lab"));
        command.addAll(arguments);
        return new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(folder.resolve("output").toFile())
                .redirectError(folder.resolve("errors").toFile()).start();
    }

    /// What is left of its temporary files.
    static List<Path> leftovers(Path folder) throws IOException {
        try (var files = Files.list(folder.resolve("temporary files"))) {
            return files.toList();
        }
    }

    /// Runs another program and returns what it said.
    static String tool(Path folder, String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(
                    "%s must succeed but said: %s".formatted(String.join(" ", command), output));
        }
        return output;
    }

    /// Everything, for messages.
    Map<String, Object> all() {
        return Map.of("status", status, "output", output, "errors", errors);
    }
}
