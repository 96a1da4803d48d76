package org.vmfinalize.server.vcenter;

import org.vmfinalize.vcenter.ManagedBy;

/// The names under which vCenter knows us. They are part of what customers configure: they do not change.
public final class VmFinalizeKeys {

    /// The key of our extension.
    public static final String EXTENSION = "org.vmfinalize";
    /// The type of our task.
    public static final String TASK = "org.vmfinalize.finalize";
    /// The fault that our task ends with when the job fails.
    public static final String TASK_FAILED = TASK + ".failed";
    /// The type of a managed entity: a machine that runs from a backup.
    public static final ManagedBy INSTANT_VM = new ManagedBy(EXTENSION, "instant-vm");
    /// The setting of a machine that has our own id of it.
    public static final String CONFIG_ID = "vmfinalize.id";
    /// To finalize, and to pause, resume and cancel that.
    public static final String PRIVILEGE_FINALIZE = "vmfinalize.Finalize";
    /// To start a machine from a backup.
    public static final String PRIVILEGE_RUN = "vmfinalize.RunFromBackup";
    /// vSphere's own privilege to rename.
    public static final String PRIVILEGE_RENAME = "VirtualMachine.Config.Rename";

    private VmFinalizeKeys() {}
}
