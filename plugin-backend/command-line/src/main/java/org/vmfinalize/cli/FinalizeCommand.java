package org.vmfinalize.cli;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "finalize", description = "Make a VM permanent that runs from a backup, while it runs.", footer = {
        "",
        "Examples:", "  vm-finalize finalize web-01",
        "  vm-finalize finalize web-01 --name web-01-prod --provisioning thick --limit '200 MB/s'",
        "  vm-finalize finalize web-01 --provisioning thick --dry-run",
        "  vm-finalize finalize web-01 --move-to san-02 --disk-provisioning disk-1=eager-thick",
        "  vm-finalize finalize vm-51 --verify --no-wait --output json"})
final class FinalizeCommand extends ServerCommand {

    @Parameters(paramLabel = "VM", completionCandidates = NamesCommand.OfVms.class, description = "Its name, or its managed object id, such as vm-51.")
    private String vm = "";

    @Option(names = "--name", paramLabel = "NEWNAME", description = "The VM's new name, at once. Default: it keeps the one it has.")
    private @Nullable String name;

    @Option(names = "--provisioning", paramLabel = "MODE", completionCandidates = FinalizeCommand.Modes.class, description = "thin, thick (lazily zeroed) or eager-thick. Default: thin.")
    private @Nullable String provisioning;

    @Option(names = "--move-to", paramLabel = "DATASTORE", description = "Then move it to this datastore, by Storage vMotion; a name or an id. --provisioning is that of its disks there.")
    private @Nullable String moveTo;

    @Option(names = "--move-instead", description = "Move it as it is, without completing its disks first. With --move-to only.")
    private boolean moveInstead;

    @Option(names = "--disk-provisioning", paramLabel = "DISK=MODE", description = "The mode of one disk at its new place, by its name in the plan; may be repeated. With --move-to only.")
    private Map<String, String> diskProvisioning = Map.of();

    @Mixin
    private PaceOptions pace = new PaceOptions();

    @Option(names = "--verify", description = "Read the finished disks back and prove them.")
    private boolean verify;

    @Option(names = "--wait", negatable = true, defaultValue = "true", fallbackValue = "true", description = "Whether to show the progress to its end. Default: --wait.")
    private boolean wait = true;

    @Mixin
    private DryRun dryRun = new DryRun();

    @Override
    ExitStatus run(Api api) throws IOException {
        var request = request();
        request.put("vm", Targets.vm(api, vm).id());
        if (dryRun.isAsked()) {
            return show(api.planFinalization(request));
        }
        var begun = api.finalizeVm(request);
        if (!wait) {
            print(FinalizationsCommand.table(List.of(begun)), begun.json());
            return ExitStatus.DONE;
        }
        var status = new Watch(api,
                new Terminal(isForPeople() ? out() : System.err, isForPeople() && Terminal.isTerminal()))
                .run(begun);
        if (!isForPeople()) {
            var last = api.finalization(begun.id());
            print(FinalizationsCommand.table(List.of(last)), last.json());
        }
        return status;
    }

    private Map<String, Object> request() {
        var request = new LinkedHashMap<String, Object>();
        if (name != null) {
            request.put("name", name);
        }
        if (provisioning != null) {
            request.put("provisioning", provisioning);
        }
        if (moveTo != null) {
            request.put("moveTo", moveTo);
        }
        if (moveInstead) {
            request.put("moveInstead", true);
        }
        if (!diskProvisioning.isEmpty()) {
            request.put("diskProvisioning", diskProvisioning);
        }
        pace.into(request);
        if (verify) {
            request.put("verify", true);
        }
        return request;
    }

    /// For the shell's completion.
    static final class Modes implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return List.of("thin", "thick", "eager-thick").iterator();
        }
    }
}
