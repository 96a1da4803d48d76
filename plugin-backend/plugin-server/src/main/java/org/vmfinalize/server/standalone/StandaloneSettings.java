package org.vmfinalize.server.standalone;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a [StandaloneServer] serves, from its command line.
final class StandaloneSettings {

    @Option(names = "--datastore", required = true, paramLabel = "FOLDER", description = "the datastore's folder")
    Path datastore = Path.of("");

    @Option(names = "--export", required = true, paramLabel = "PATH", description = "the path that clients mount")
    String export = "";

    @Option(names = "--scratch", required = true, paramLabel = "FOLDER", description = "a folder of its own")
    Path scratch = Path.of("");

    @Option(names = "--backup", paramLabel = "FILE", description = "the top image of a backup; none: files only")
    private @Nullable Path backup;

    @Option(names = "--format", paramLabel = "NAME", description = "its format; none: found out")
    String format = "";

    @Option(names = "--vm", paramLabel = "NAME", description = "the instant VM's folder")
    String vm = "vm";

    @Option(names = "--disk", paramLabel = "NAME", description = "the disk's name")
    String disk = "disk";

    @Option(names = "--verify", description = "read the finished disk back and prove it before it is sealed")
    boolean verify;

    @Option(names = "--nfs-port", paramLabel = "PORT", description = "0: any that is free")
    int nfsPort = 2049;

    @Option(names = "--mount-port", paramLabel = "PORT", description = "0: any that is free")
    int mountPort = 20048;

    @Option(names = "--portmapper-port", paramLabel = "PORT", description = "0: any that is free, -1: none")
    int portmapperPort = 111;

    @Option(names = "--bytes-per-second", paramLabel = "BYTES", description = "the limit of finalizing; 0: none")
    long bytesPerSecond;

    @Option(names = "--progress", description = "tell how far it is, ten times a second")
    boolean progress;

    @Option(names = "--machines", paramLabel = "COUNT", description = "run so many VMs from the backup: vm, vm-2, vm-3, …")
    int machines = 1;

    @Option(names = "--warm-up", description = "finalize the backup once, in vain, before being ready")
    boolean warmUp;

    Optional<Path> backup() {
        return Optional.ofNullable(backup);
    }
}
