package org.vmfinalize.server.plugin;

import java.util.List;
import java.util.Optional;
import org.vmfinalize.server.vcenter.PluginTexts;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.Extension;

/// What vCenter is told of us: where our pages are, and the names and texts of our task, privileges and icon.
final class PluginExtension {

    private static final String LABEL = "VM Finalize";
    private static final String SUMMARY = "Makes a virtual machine that runs from a backup permanent, while it runs.";
    private static final String GROUP = "vmfinalize";

    private PluginExtension() {}

    /// @param version one to four numbers with dots
    /// @param baseUrl where this server is reached, without a slash at its end
    static Extension of(String version, String baseUrl, String thumbprint) {
        var manifest = baseUrl + "/plugin.json";
        var type = VmFinalizeKeys.INSTANT_VM.type();
        return new Extension(VmFinalizeKeys.EXTENSION, version, "vm-finalize", LABEL, SUMMARY,
                List.of(new Extension.Server(manifest, "MANIFEST_SERVER", List.of("vm-finalize@localhost"),
                        Optional.of(thumbprint))),
                List.of(new Extension.Client(manifest, "vsphere-client-remote")),
                List.of(VmFinalizeKeys.TASK), VmFinalizeKeys.EVENTS,
                List.of(VmFinalizeKeys.TASK_FAILED, VmFinalizeKeys.TASK_CANCELLED),
                List.of(new Extension.Privilege(VmFinalizeKeys.PRIVILEGE_FINALIZE, GROUP),
                        new Extension.Privilege(VmFinalizeKeys.PRIVILEGE_RUN, GROUP)),
                PluginTexts.all(),
                List.of(new Extension.ManagedEntity(type, baseUrl + "/images/instant-vm-16.png",
                        baseUrl + "/images/instant-vm.png",
                        "Runs from a backup. Its disks are complete only after it is finalized.")));
    }
}
