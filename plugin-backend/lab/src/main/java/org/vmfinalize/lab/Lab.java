package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.linux.BackupImages;
import org.vmfinalize.lab.linux.FileSystemBackup;
import org.vmfinalize.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// The lab's command line.
@Command(name = "scripts/lab", sortOptions = false, mixinStandardHelpOptions = false, usageHelpWidth = 100, description = {
        "A small vSphere on this machine: a VM runs from a backup and is made permanent while it runs.", "",
        "Makes a backup, starts a vCenter, a vSphere Client and the plugin server on the loopback address,"
                + " runs a VM from the backup with a guest that checks every byte it reads through NFS,"
                + " finalizes the VM, and proves the result."}, footer = {"",
                        "Exit status: 0 everything was proven; 1 something failed or was not proven; 2 wrong options."})
public final class Lab implements Callable<Integer> {

    private static final int PROVEN = 0;
    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;
    /// ESXi gives a datastore up after 140 s, Windows a disk after 60 s.
    private static final int SECONDS_OF_GAP = 10;

    @Option(names = "--exit", description = "End after the report instead of keeping the page up.")
    private boolean exit;

    @Option(names = "--backup", paramLabel = "FILE", description = "Run from this image, raw or the top of a qcow2 chain, instead of making one.")
    private @Nullable Path backup;

    @Option(names = "--datastore", paramLabel = "DIR", description = "Leave VM/DISK.vmdk and VM/DISK-flat.vmdk in this folder. Default: a temporary one.")
    private @Nullable Path datastore;

    @Option(names = "--size", paramLabel = "SIZE", defaultValue = "1G", converter = ByteSize.Converter.class, description = "Size of the disk of the backup that is made. Default: ${DEFAULT-VALUE}.")
    private ByteSize size = new ByteSize(1 << 30);

    @Option(names = "--guest", paramLabel = "workload|qemu|none", defaultValue = "workload", description = "Who uses the disk meanwhile: a guest in this process that checks every byte it reads, a Linux that QEMU boots from the disk,"
            + " or nobody. Default: ${DEFAULT-VALUE}.")
    private Guest guest = Guest.workload;

    @Option(names = "--image", paramLabel = "qcow2|vmdk", description = "With --guest qemu: the kind of images that the backup is made of. Default: qcow2.")
    private @Nullable Image image;

    @Option(names = "--vm", paramLabel = "NAME", defaultValue = "shop-01", description = "The VM's name while it runs from the backup. Default: ${DEFAULT-VALUE}.")
    private String vm = "shop-01";

    @Option(names = "--name", paramLabel = "NEWNAME", description = "The VM's name afterwards. Default: the VM's name with '-restored'.")
    private @Nullable String newName;

    @Option(names = "--provisioning", paramLabel = "thin|thick|eager-thick", defaultValue = "thin", converter = ProvisioningConverter.class, description = "How the finished disk takes its space. Default: ${DEFAULT-VALUE}.")
    private String provisioning = "thin";

    @Option(names = "--limit", paramLabel = "SIZE", converter = ByteSize.Converter.class, description = "Copy at most this much per second. Default: without limit if --exit is given, else such"
            + " that there is time to watch.")
    private @Nullable ByteSize limit;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "0", description = "Port of the vSphere Client's page on 127.0.0.1. Default: any free one.")
    private int port;

    @Option(names = "--restart-server", description = "Kill the plugin server half-way (kill -9) and start it again.")
    private boolean restartServer;

    @Option(names = "--upgrade-server", description = "End the plugin server half-way in an orderly way, as for an upgrade, and start it again.")
    private boolean upgradeServer;

    @Option(names = "--longest-gap", paramLabel = "SECONDS", description = "With --guest qemu --upgrade-server: for how long the guest may be without its disk. Default: 10.")
    private @Nullable Integer longestGap;

    @Option(names = "--verify", description = "Have the product read the disk back and prove it, too.")
    private boolean verify;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Repeat the backup and the guest of the run that printed this number.")
    private @Nullable Long seed;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the report as JSON, too.")
    private @Nullable Path report;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this and end.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    @Spec
    private @Nullable CommandSpec command;

    private static final class ProvisioningConverter implements ITypeConverter<String> {

        @Override
        public String convert(String word) {
            if (!List.of("thin", "thick", "eager-thick").contains(word)) {
                throw new TypeConversionException("'%s' must be thin, thick or eager-thick".formatted(word));
            }
            return word;
        }
    }

    private enum Guest {
        workload, qemu, none
    }

    private enum Image {
        qcow2, vmdk
    }

    /// Runs the lab and ends the process with its exit status.
    public static void main(String... arguments) {
        Locale.setDefault(Locale.ROOT);
        System.setProperty("logback.configurationFile", "org/vmfinalize/lab/logback-lab.xml");
        System.exit(new CommandLine(new Lab()).setParameterExceptionHandler(Lab::refuse)
                .setExecutionExceptionHandler((failure, _, _) -> fail(failure)).execute(arguments));
    }

    @Override
    public Integer call() {
        var terminal = Terminal.ofThisProcess();
        try (var demonstration = new Demonstration(plan(), terminal)) {
            Runtime.getRuntime().addShutdownHook(
                    Thread.ofPlatform().name("end-of-lab").unstarted(() -> end(demonstration)));
            return run(demonstration);
        } catch (IOException e) {
            return fail(e);
        }
    }

    private static int run(Demonstration demonstration) throws IOException {
        try {
            return demonstration.run() ? PROVEN : FAILED;
        } catch (IOException | RuntimeException e) {
            if (demonstration.isClosed()) {
                // Ctrl-C took everything away below it.
                return INTERRUPTED;
            }
            throw e;
        }
    }

    private static void end(Demonstration demonstration) {
        try {
            demonstration.close();
        } catch (IOException e) {
            System.err.println("lab: " + oneLine(e));
        }
    }

    private LabPlan plan() {
        if (port < 0 || port > 65535) {
            throw wrong("--port must be 0 to 65535 but was " + port);
        }
        if (report != null && !Files.isWritable(report.toAbsolutePath().getParent())) {
            throw wrong("--report must be in a folder that can be written but was " + report);
        }
        if (restartServer && upgradeServer) {
            throw wrong("--restart-server and --upgrade-server must not be given together");
        }
        if (guest == Guest.qemu && backup != null) {
            throw wrong("--guest qemu makes its own backup, so --backup must not be given");
        }
        if (guest == Guest.qemu && size.bytes() < FileSystemBackup.SMALLEST_BYTES) {
            throw wrong("--size must be at least %d MiB for --guest qemu"
                    .formatted(FileSystemBackup.SMALLEST_BYTES >> 20));
        }
        if (image != null && guest != Guest.qemu) {
            throw wrong("--image must be given with --guest qemu only");
        }
        if (longestGap != null && (guest != Guest.qemu || !upgradeServer)) {
            throw wrong("--longest-gap must be given with --guest qemu --upgrade-server only");
        }
        if (longestGap != null && longestGap < 1) {
            throw wrong("--longest-gap must be at least 1 but was " + longestGap);
        }
        return new LabPlan(Optional.ofNullable(backup), Optional.ofNullable(datastore), size.bytes(),
                Optional.ofNullable(limit).map(ByteSize::bytes),
                image == Image.vmdk ? BackupImages.VMDK : BackupImages.QCOW2,
                seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed, kind(), vm,
                newName == null ? vm + "-restored" : newName, provisioning, port, Optional.ofNullable(report),
                restartServer ? Interruption.KILL : upgradeServer ? Interruption.UPGRADE : Interruption.NONE,
                Duration.ofSeconds(longestGap == null ? SECONDS_OF_GAP : longestGap), verify, exit);
    }

    private LabPlan.GuestKind kind() {
        return switch (guest) {
            case workload -> LabPlan.GuestKind.WORKLOAD;
            case qemu -> LabPlan.GuestKind.QEMU;
            case none -> LabPlan.GuestKind.NONE;
        };
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), message);
    }

    private static int refuse(ParameterException refusal, String[] arguments) {
        System.err.println("lab: " + refusal.getMessage() + "; see --help");
        return 2;
    }

    private static int fail(Exception failure) {
        System.err.println("lab: " + oneLine(failure));
        return FAILED;
    }

    private static String oneLine(Throwable failure) {
        var message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}
