package org.vmfinalize.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.units.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "run", description = {"Run a VM from a backup.", "",
        "The backup is the latest of a VM, by the VM's name; or a restore point, by its id or its location."}, footer = {
                "",
                "Examples:",
                "  vm-finalize run db-01 --name db-01-test --datastore instant-1 --network disconnected",
                "  vm-finalize run db-01 --name db-01-test --datastore san-02",
                "  vm-finalize run /backups/web-01/monday.qcow2 --name web-01 --datastore instant-1 --host esx-02"})
final class RunCommand extends ServerCommand {

    @Parameters(paramLabel = "BACKUP", description = "A VM's name, or a restore point's id or location.")
    private String backup = "";

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "The new VM's name.")
    private String name = "";

    @Option(names = "--datastore", paramLabel = "NAME", description = "The datastore that takes its changes: one of this server, or any other that the hosts have. May be left out if this server has only one.")
    private @Nullable String datastore;

    @Option(names = "--served-from", paramLabel = "NAME", description = "The datastore of this server that serves the backup's disks, if --datastore is another one. May be left out if there is only one.")
    private @Nullable String servedFrom;

    @Option(names = "--second-copy", paramLabel = "LOCATION", description = "Another copy of the restore point, which takes over when the first is away.")
    private @Nullable String secondCopy;

    @Option(names = "--host", paramLabel = "NAME", description = "The host that it runs on first.")
    private @Nullable String host;

    @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster that it runs in.")
    private @Nullable String cluster;

    @Option(names = "--resource-pool", paramLabel = "NAME", description = "What it takes its share from.")
    private @Nullable String resourcePool;

    @Option(names = "--folder", paramLabel = "NAME", description = "Where it is found in the inventory.")
    private @Nullable String folder;

    @Option(names = "--network", paramLabel = "NAME", description = "The network of its cards; 'disconnected' leaves them unplugged.")
    private @Nullable String network;

    @Option(names = "--map-network", paramLabel = "OLD=NEW", description = "The network that takes the place of one of the original's; may be repeated.")
    private Map<String, String> networks = Map.of();

    @Option(names = "--power-on", negatable = true, defaultValue = "true", fallbackValue = "true", description = "Whether it is started. Default: --power-on.")
    private boolean powerOn = true;

    @Option(names = "--keep-macs", description = "Give its cards the MAC addresses of the original. Default: new ones.")
    private boolean keepMacs;

    @Option(names = "--keep-uuids", description = "Give it the UUIDs of the original. Default: new ones.")
    private boolean keepUuids;

    @Option(names = "--cpus", paramLabel = "NUMBER", description = "Its virtual CPUs. Default: as the backup says.")
    private @Nullable Integer cpus;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Such as '8 GiB'. Default: as the backup says.")
    private @Nullable String memory;

    @Option(names = "--hardware-version", paramLabel = "VERSION", description = "Of the virtual hardware, such as vmx-19. Default: the host's.")
    private @Nullable String hardwareVersion;

    @Option(names = "--guest-id", paramLabel = "ID", description = "The guest operating system in vSphere's words. Default: as the backup says.")
    private @Nullable String guestId;

    @Mixin
    private DryRun dryRun = new DryRun();

    @Override
    ExitStatus run(Api api) throws IOException {
        var request = request(api);
        if (dryRun.isAsked()) {
            return show(api.planRun(request));
        }
        var vm = api.run(request);
        print(new Table("NAME", "ID", "POWER", "SIZE", "DATASTORE", "BACKUP").row(vm.name(), vm.id(),
                vm.powerState(),
                Bytes.text(vm.sizeBytes()), vm.datastore(), vm.backup()), vm.json());
        vm.json().path("warnings").valueStream().map(JsonNode::asString).forEach(System.err::println);
        return ExitStatus.DONE;
    }

    private Map<String, Object> request(Api api) throws IOException {
        var request = new LinkedHashMap<String, Object>();
        request.put("name", name);
        request.put("backup", backup(api));
        request.put("powerOn", powerOn);
        put(request, "datastore", datastore == null ? onlyDatastore(api) : datastore);
        put(request, "servedFrom", servedFrom);
        put(request, "secondCopy", secondCopy);
        put(request, "host", host);
        put(request, "cluster", cluster);
        put(request, "resourcePool", resourcePool);
        put(request, "folder", folder);
        put(request, "network", network);
        put(request, "cpus", cpus);
        put(request, "memoryMiB",
                memory == null ? null : PaceOptions.read("--memory", memory, Bytes::parseMebibytes));
        put(request, "hardwareVersion", hardwareVersion);
        put(request, "guestId", guestId);
        if (keepMacs) {
            request.put("keepMacs", true);
        }
        if (keepUuids) {
            request.put("keepUuids", true);
        }
        if (!networks.isEmpty()) {
            request.put("networks", networks);
        }
        return request;
    }

    private static void put(Map<String, Object> request, String field, @Nullable Object value) {
        if (value != null) {
            request.put(field, value);
        }
    }

    /// What the server takes as a backup: ids and locations are its own, names are looked up here.
    private String backup(Api api) throws IOException {
        return Targets.latestBackup(api, backup).map(point -> point.path("id").asString("")).orElse(backup);
    }

    private static String onlyDatastore(Api api) throws IOException {
        var names = api.list("datastores").stream().map(store -> store.path("name").asString("")).toList();
        if (names.size() != 1) {
            throw new CommandException(ExitStatus.USAGE, "--datastore: must be given, since there are %d: %s"
                    .formatted(names.size(), String.join(", ", names)));
        }
        return names.getFirst();
    }
}
