package org.vmfinalize.server.vcenter;

import java.util.List;
import org.vmfinalize.vcenter.EventAlarm;
import org.vmfinalize.vcenter.ManagedBy;

/// The names under which vCenter knows us. They are part of what customers configure: they do not change.
public final class VmFinalizeKeys {

    /// The key of our extension.
    public static final String EXTENSION = "org.vmfinalize";
    /// The type of our task.
    public static final String TASK = "org.vmfinalize.finalize";
    /// The fault that our task ends with when the job fails.
    public static final String TASK_FAILED = TASK + ".failed";
    /// The fault that our task ends with when the job was cancelled.
    public static final String TASK_CANCELLED = TASK + ".cancelled";
    /// The event of a machine that was started from a backup.
    public static final String EVENT_RUNS = EXTENSION + ".runsFromBackup";
    /// The events of a finalization, in the order of its life.
    public static final String EVENT_STARTED = EXTENSION + ".started";
    public static final String EVENT_PAUSED = EXTENSION + ".paused";
    public static final String EVENT_RESUMED = EXTENSION + ".resumed";
    public static final String EVENT_BACKUP_UNREACHABLE = EXTENSION + ".backupUnreachable";
    public static final String EVENT_BACKUP_REACHABLE = EXTENSION + ".backupReachable";
    public static final String EVENT_FINALIZED = EXTENSION + ".finalized";
    public static final String EVENT_CANCELLED = EXTENSION + ".cancelled";
    public static final String EVENT_FAILED = EXTENSION + ".failed";
    public static final String EVENT_NOT_MOVED = EXTENSION + ".notMoved";
    /// The events of a host that does not mount a datastore which machines of its cluster run from, and of one that has it in
    /// the end.
    public static final String EVENT_HOST_LACKS_DATASTORE = EXTENSION + ".hostLacksDatastore";
    public static final String EVENT_HOST_HAS_DATASTORE = EXTENSION + ".hostHasDatastore";
    /// All of them.
    public static final List<String> EVENTS = List.of(EVENT_RUNS, EVENT_STARTED, EVENT_PAUSED, EVENT_RESUMED,
            EVENT_BACKUP_UNREACHABLE, EVENT_BACKUP_REACHABLE, EVENT_FINALIZED, EVENT_NOT_MOVED,
            EVENT_CANCELLED, EVENT_FAILED, EVENT_HOST_LACKS_DATASTORE, EVENT_HOST_HAS_DATASTORE);
    /// The alarm that shows on a machine whose backup cannot be read.
    public static final EventAlarm ALARM_BACKUP = new EventAlarm(
            "VM Finalize: backup of a running VM is not reachable",
            "The machine runs from a backup that cannot be read. Bring the backup back, or the place it is at.",
            EVENT_BACKUP_UNREACHABLE, EVENT_BACKUP_REACHABLE);
    /// The custom attribute that names a machine's backup while it runs from it.
    public static final String ATTRIBUTE_BACKUP = "vm-finalize: runs from";
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
