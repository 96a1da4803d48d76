package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/// Measures how long it takes until a VM runs from a backup: from the request to the answer, with the lab's vCenter, which
/// takes next to no time of its own. The server's own account of the steps follows.
///
///     RunTimes BACKUP...     prints one line for each
public final class RunTimes {

    private static final long NEEDED_BYTES = 256 << 20;

    private RunTimes() {}

    /// Runs a VM from each backup and ends the process.
    public static void main(String... backups) throws IOException {
        System.setProperty("logback.configurationFile", "org/vmfinalize/lab/logback-lab.xml");
        var folder = WorkFolder.create(NEEDED_BYTES);
        try {
            var datastore = Files.createDirectories(folder.resolve("datastore"));
            var place = Path.of(backups[0]).toAbsolutePath().resolve("..").normalize();
            try (var site = LabSite.open(folder.resolve("server"), place, datastore, 0)) {
                site.startServer();
                for (int i = 0; i < backups.length; i++) {
                    measure(site, Path.of(backups[i]).toAbsolutePath(), "vm-" + i);
                }
            }
        } finally {
            folder.delete();
        }
        System.exit(0);
    }

    private static void measure(LabSite site, Path backup, String name) throws IOException {
        long began = System.nanoTime();
        site.api().createInstantVm(name, backup.toString(), LabSite.DATASTORE);
        var took = Duration.ofNanos(System.nanoTime() - began);
        System.out.println(String.format(Locale.ROOT, "%-24s %6.2f s   %s", backup.getFileName(),
                took.toMillis() / 1000.0, steps(site, name)));
    }

    private static String steps(LabSite site, String name) throws IOException {
        try (var lines = Files.lines(site.server().log(), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.contains("VM " + name + " (") && line.contains("total "))
                    .map(line -> line.substring(line.lastIndexOf(';') + 1).strip()).findFirst().orElse("");
        }
    }
}
