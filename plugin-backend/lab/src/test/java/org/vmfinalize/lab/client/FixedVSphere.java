package org.vmfinalize.lab.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.vmfinalize.vcenter.Extension;

/// An inventory that only the test changes: one datacenter with a regular VM and one that runs from a backup.
final class FixedVSphere implements VSphere {

    static final String UUID = "5f0c1f9e-3b7a-4f0f-9d0a-1c2d3e4f5a6b";
    static final String TOKEN = "token-of-the-test";

    final List<InventoryObject> objects = new CopyOnWriteArrayList<>();
    final List<RecentTask> tasks = new CopyOnWriteArrayList<>();
    /// The tasks that were asked to end early.
    final List<String> cancelled = new CopyOnWriteArrayList<>();
    final List<Extension> extensions = new CopyOnWriteArrayList<>();

    FixedVSphere() {
        objects.add(object("Folder", "group-d1", "", "vcenter.lab"));
        objects.add(object("Datacenter", "datacenter-2", "group-d1", "Lab Datacenter"));
        objects.add(object("HostSystem", "host-9", "datacenter-2", "esx01.lab"));
        objects.add(object("Folder", "group-v3", "datacenter-2", "vm"));
        objects.add(vm("vm-41", "files01", Optional.empty()));
        objects.add(vm("vm-51", "web01-from-backup",
                Optional.of(new InventoryObject.Manager("org.vmfinalize", "instant-vm"))));
        objects.add(object("Datastore", "datastore-11", "datacenter-2", "instant-ds"));
    }

    /// What happens in vCenter when a finalization ends: a new name, and nobody manages the VM any more.
    void finalized(String vmId, String newName) {
        objects.replaceAll(object -> object.id().equals(vmId) ? vm(vmId, newName, Optional.empty()) : object);
    }

    static RecentTask task(String state, int percent, String details) {
        boolean over = state.equals("success") || state.equals("error");
        Instant start = Instant.parse("2026-11-23T08:40:00Z");
        return new RecentTask("task-7", "Finalize virtual machine", "web01", "vm-51", state, percent, details,
                state.equals("running"), "VSPHERE.LOCAL\\Administrator", Optional.of(start),
                over ? Optional.of(start.plusSeconds(95)) : Optional.empty());
    }

    private static InventoryObject object(String type, String id, String parent, String name) {
        return new InventoryObject(type, id, Optional.of(parent).filter(text -> !text.isEmpty()), name,
                Optional.empty(), Optional.empty(), Map.of("Name", name));
    }

    static InventoryObject vm(String id, String name, Optional<InventoryObject.Manager> manager) {
        return new InventoryObject("VirtualMachine", id, Optional.of("group-v3"), name,
                Optional.of("poweredOn"),
                manager, Map.of("Hard disk 1", "[instant-ds] web01/web01.vmdk"));
    }

    @Override
    public String instanceUuid() {
        return UUID;
    }

    @Override
    public List<InventoryObject> inventory() {
        return objects;
    }

    @Override
    public List<RecentTask> recentTasks() {
        return tasks;
    }

    @Override
    public List<Extension> extensions() {
        return extensions;
    }

    @Override
    public Optional<String> issuePluginToken(String userName) {
        return Optional.of(TOKEN);
    }

    @Override
    public boolean cancelTask(String taskId) {
        return tasks.stream().anyMatch(task -> task.id().equals(taskId) && task.cancelable())
                && cancelled.add(taskId);
    }
}
