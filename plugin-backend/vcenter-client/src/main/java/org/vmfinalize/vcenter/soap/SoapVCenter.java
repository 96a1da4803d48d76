package org.vmfinalize.vcenter.soap;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vmfinalize.vcenter.AboutInfo;
import org.vmfinalize.vcenter.ComputeResource;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.EventAlarm;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.ExtensionEvent;
import org.vmfinalize.vcenter.ExtensionTask;
import org.vmfinalize.vcenter.Folder;
import org.vmfinalize.vcenter.HardwareVersion;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.InventoryListener;
import org.vmfinalize.vcenter.InventoryWatch;
import org.vmfinalize.vcenter.MachineIdentity;
import org.vmfinalize.vcenter.MachineState;
import org.vmfinalize.vcenter.ManagedBy;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Network;
import org.vmfinalize.vcenter.NfsMount;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.RelocationCheck;
import org.vmfinalize.vcenter.ResourcePool;
import org.vmfinalize.vcenter.UnmountObstacles;
import org.vmfinalize.vcenter.UserSession;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualDisk;
import org.vmfinalize.vcenter.VirtualMachine;
import org.vmfinalize.vcenter.VirtualMachineSpec;
import org.vmfinalize.vcenter.soap.vim.Extensions.ExtensionInfo;
import org.vmfinalize.vcenter.soap.vim.Machines.ConfigSpec;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;
import org.vmfinalize.vcenter.soap.vim.Service.EntityPrivilege;
import org.vmfinalize.vcenter.soap.vim.Storage.NasVolumeSpec;
import org.vmfinalize.vcenter.soap.vim.Tasks.TaskInfo;

/// What [VCenter] promises, in calls of the VIM API.
final class SoapVCenter implements VCenter {

    private static final System.Logger LOG = System.getLogger(SoapVCenter.class.getName());

    private final Session session;
    private final Services services;
    private final Properties properties;
    private final Inventory inventory;
    private final ComputeInventory compute;
    private final TaskWait tasks;
    private final Annotations annotations;
    private final Alarms alarms;
    private final Relocations relocations;

    SoapVCenter(Session session, Services services) {
        this.session = session;
        this.services = services;
        this.properties = new Properties(session, services);
        this.inventory = new Inventory(properties);
        this.compute = new ComputeInventory(session, properties);
        this.tasks = new TaskWait(session, services);
        this.annotations = new Annotations(session, services, properties);
        this.alarms = new Alarms(session, services, properties);
        this.relocations = new Relocations(session, services, properties, tasks);
    }

    @Override
    public AboutInfo about() {
        return services.about();
    }

    @Override
    public UserSession user() {
        return session.user();
    }

    @Override
    public void keepAlive() {
        var call = Call.of("CurrentTime", SoapConnector.SERVICE_INSTANCE);
        session.reading(() -> session.send(call, Object.class));
    }

    @Override
    public List<VirtualMachine> virtualMachines() {
        return inventory.virtualMachines();
    }

    @Override
    public VirtualMachine virtualMachine(MoRef vm) {
        return inventory.virtualMachine(vm);
    }

    @Override
    public List<VirtualDisk> disks(MoRef vm) {
        return inventory.disks(vm);
    }

    @Override
    public InventoryWatch watch(InventoryListener listener) {
        return Watch.start(session, services, properties, listener);
    }

    @Override
    public void rename(MoRef vm, String name) {
        tasks.run(Call.of("Rename_Task", vm).with("newName", MachineForm.escapedName(name)));
    }

    @Override
    public void setManagedBy(MoRef vm, ManagedBy managedBy) {
        reconfigure(vm, MachineForm.managedBy(managedBy.extensionKey(), managedBy.type()));
    }

    @Override
    public void clearManagedBy(MoRef vm) {
        // Two empty texts mean "clear"; leaving them out would mean "leave as it is".
        reconfigure(vm, MachineForm.managedBy("", ""));
    }

    private void reconfigure(MoRef vm, ConfigSpec spec) {
        tasks.run(Call.of("ReconfigVM_Task", vm).with("spec", ConfigSpec.class, spec));
    }

    @Override
    public MoRef createVm(VirtualMachineSpec spec) {
        var config = MachineForm.of(spec);
        var place = spec.placement();
        var info = tasks.run(Call.of("CreateVM_Task", place.folder())
                .with("config", ConfigSpec.class, config)
                .with("pool", place.pool())
                .with("host", place.host()));
        return Texts.reference(info.result).orElseThrow(() -> new VCenterFault("CreateVM_Task", "",
                "the task ended well but names no virtual machine", spec.name()));
    }

    @Override
    public void powerOn(MoRef vm) {
        tasks.run(Call.of("PowerOnVM_Task", vm));
    }

    @Override
    public void powerOff(MoRef vm) {
        tasks.run(Call.of("PowerOffVM_Task", vm));
    }

    @Override
    public RelocationCheck checkRelocation(MoRef vm, Relocation relocation) {
        return relocations.check(vm, relocation);
    }

    @Override
    public MoRef relocate(MoRef vm, Relocation relocation) {
        return relocations.begin(vm, relocation);
    }

    @Override
    public MoRef promoteDisks(MoRef vm) {
        return relocations.promote(vm);
    }

    @Override
    public Optional<MoRef> promotionOf(MoRef vm) {
        return relocations.promotionUnderWay(vm);
    }

    @Override
    public void destroy(MoRef vm) {
        tasks.run(Call.of("Destroy_Task", vm));
    }

    @Override
    public Optional<String> setting(MoRef vm, String key) {
        return inventory.setting(vm, key);
    }

    @Override
    public Optional<MoRef> relocationOf(MoRef vm) {
        return relocations.underWay(vm);
    }

    @Override
    public void cancelTask(MoRef task) {
        tasks.cancel(task);
    }

    @Override
    public void unregister(MoRef vm) {
        change(Call.of("UnregisterVM", vm));
    }

    @Override
    public MachineState state(MoRef vm) {
        return inventory.state(vm);
    }

    @Override
    public List<MachineIdentity> identities() {
        return inventory.identities();
    }

    @Override
    public Set<String> macAddresses(MoRef vm) {
        return inventory.macAddresses(vm);
    }

    @Override
    public List<Host> hosts() {
        return compute.hosts();
    }

    @Override
    public List<String> addresses(MoRef host) {
        return compute.addresses(host);
    }

    @Override
    public List<ComputeResource> computeResources() {
        return compute.computeResources();
    }

    @Override
    public List<ResourcePool> resourcePools() {
        return compute.resourcePools();
    }

    @Override
    public List<Folder> vmFolders() {
        return compute.vmFolders();
    }

    @Override
    public MoRef vmFolder(MoRef computeResource) {
        return compute.vmFolder(computeResource);
    }

    @Override
    public List<Network> networks() {
        return compute.networks();
    }

    @Override
    public List<HardwareVersion> hardwareVersions(MoRef computeResource) {
        return compute.hardwareVersions(computeResource);
    }

    @Override
    public List<Datastore> datastores() {
        return inventory.datastores();
    }

    @Override
    public MoRef mountNfs(MoRef host, NfsMount mount) {
        var spec = new NasVolumeSpec();
        spec.remoteHost = mount.remoteHost();
        spec.remotePath = mount.remotePath();
        spec.localPath = mount.datastoreName();
        spec.accessMode = mount.readOnly() ? "readOnly" : "readWrite";
        spec.type = "NFS";
        var call = Call.of("CreateNasDatastore", inventory.datastoreSystem(host)).with("spec",
                NasVolumeSpec.class, spec);
        try {
            var answer = session.changing(() -> session.sendForOne(call, ManagedObjectReference.class))
                    .toMoRef();
            return answer.value().isEmpty() ? mounted(host, mount).orElseThrow() : answer;
        } catch (VCenterFault e) {
            if (!e.is(VCenterFault.ALREADY_EXISTS) && !e.is(VCenterFault.DUPLICATE_NAME)) {
                throw e;
            }
            return mounted(host, mount).orElseThrow(() -> e);
        }
    }

    /// The datastore that is just this mount on that host.
    private Optional<MoRef> mounted(MoRef host, NfsMount mount) {
        var export = new Datastore.NfsExport(mount.remoteHost(), mount.remotePath());
        return datastores().stream()
                .filter(datastore -> datastore.name().equals(mount.datastoreName())
                        && datastore.nfs().equals(Optional.of(export)) && datastore.hosts().contains(host))
                .map(Datastore::ref)
                .findFirst();
    }

    @Override
    public UnmountObstacles unmountObstacles(MoRef host, MoRef datastore) {
        return new Obstacles(session, properties).of(host, datastore);
    }

    @Override
    public void unmount(MoRef host, MoRef datastore) {
        change(Call.of("RemoveDatastore", inventory.datastoreSystem(host)).with("datastore", datastore));
    }

    @Override
    public Optional<Extension> findExtension(String key) {
        return registered(key).map(ExtensionForm::fromWire);
    }

    private Optional<ExtensionInfo> registered(String key) {
        var call = Call.of("FindExtension", services.extensionManager()).with("extensionKey", key);
        return session.reading(() -> session.send(call, ExtensionInfo.class)).stream().findFirst();
    }

    @Override
    public void registerExtension(Extension extension) {
        change(Call.of("RegisterExtension", services.extensionManager())
                .with("extension", ExtensionInfo.class, ExtensionForm.toWire(extension, Instant.now())));
    }

    @Override
    public void updateExtension(Extension extension) {
        registered(extension.key()).filter(wire -> !wire.unknown.isEmpty()).ifPresent(wire -> {
            throw new IllegalStateException(
                    "extension %s: its property %s would be lost; unregister it, then register it"
                            .formatted(extension.key(), wire.unknown.getFirst().getLocalName()));
        });
        change(Call.of("UpdateExtension", services.extensionManager())
                .with("extension", ExtensionInfo.class, ExtensionForm.toWire(extension, Instant.now())));
    }

    @Override
    public void unregisterExtension(String key) {
        change(Call.of("UnregisterExtension", services.extensionManager()).with("extensionKey", key));
    }

    @Override
    public ExtensionTask createTask(MoRef entity, String taskTypeId, String initiatedBy,
            boolean cancelable) {
        var call = Call.of("CreateTask", services.taskManager())
                .with("obj", entity)
                .with("taskTypeId", taskTypeId)
                .with("initiatedBy", initiatedBy)
                .with("cancelable", cancelable);
        var info = session.changing(() -> session.sendForOne(call, TaskInfo.class));
        return task(Texts.reference(info.task).orElseThrow(() -> new VCenterFault(call.toString(), "",
                "the new task has no reference", taskTypeId)), taskTypeId);
    }

    @Override
    public ExtensionTask task(MoRef task, String taskTypeId) {
        return new OwnTask(session, task, taskTypeId);
    }

    @Override
    public Optional<MoRef> ownTaskOf(MoRef vm, String taskTypeId) {
        return relocations.underWay(vm, taskTypeId);
    }

    @Override
    public void postEvent(MoRef object, ExtensionEvent event) {
        annotations.post(object, event);
    }

    @Override
    public void setAttribute(MoRef vm, String name, String value) {
        annotations.setAttribute(vm, name, value);
    }

    @Override
    public void removeAttribute(String name) {
        annotations.removeAttribute(name);
    }

    @Override
    public Optional<EventAlarm> findAlarm(String name) {
        return alarms.find(name);
    }

    @Override
    public void defineAlarm(EventAlarm alarm) {
        alarms.define(alarm);
    }

    @Override
    public void removeAlarm(String name) {
        alarms.remove(name);
    }

    @Override
    public MoRef rootFolder() {
        return services.rootFolder();
    }

    @Override
    public Set<String> missingPrivileges(MoRef entity, Collection<String> privileges) {
        var granted = session.reading(() -> {
            // Inside, since a session that was renewed has another key.
            var call = Call.of("HasPrivilegeOnEntities", services.authorizationManager())
                    .with("entity", entity)
                    .with("sessionId", session.key());
            privileges.forEach(privilege -> call.with("privId", privilege));
            return session.send(call, EntityPrivilege.class);
        });
        var missing = new LinkedHashSet<>(privileges);
        granted.stream()
                .flatMap(answer -> answer.privAvailability.stream())
                .filter(privilege -> Boolean.TRUE.equals(privilege.isGranted))
                .forEach(privilege -> missing.remove(Texts.orEmpty(privilege.privId)));
        return missing;
    }

    private void change(Call call) {
        session.changing(() -> session.send(call, Object.class));
    }

    @Override
    public void close() {
        try {
            session.logout();
        } catch (VCenterException e) {
            LOG.log(System.Logger.Level.DEBUG, "no logout from vCenter; the session ends by itself", e);
        }
    }
}
