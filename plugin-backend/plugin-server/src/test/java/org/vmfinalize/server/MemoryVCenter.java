package org.vmfinalize.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;
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
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.RelocationCheck;
import org.vmfinalize.vcenter.ResourcePool;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.UnmountObstacles;
import org.vmfinalize.vcenter.UserSession;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterConnector;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.VirtualDisk;
import org.vmfinalize.vcenter.VirtualMachine;
import org.vmfinalize.vcenter.VirtualMachineSpec;

/// An inventory that behaves as vCenter's does, without the network: names are unique, power states are kept, tasks end
/// once. A test can take it away, let a call fail, and take privileges from a user.
///
/// Passwords are the user name backwards; a plugin token is `plugin-` and the user name.
final class MemoryVCenter implements VCenterConnector {

    static final String SERVICE_USER = "vm-finalize";
    static final MoRef ROOT = new MoRef("Folder", "group-d1");
    static final MoRef CLUSTER = new MoRef("ClusterComputeResource", "domain-c1");
    static final MoRef POOL = new MoRef("ResourcePool", "resgroup-1");
    static final MoRef FOLDER = new MoRef("Folder", "group-v1");

    final Map<String, VirtualMachine> machines = new ConcurrentHashMap<>();
    final Map<String, VirtualMachineSpec> specs = new ConcurrentHashMap<>();
    final Map<String, MemoryTask> tasks = new ConcurrentHashMap<>();
    final Map<String, Extension> extensions = new ConcurrentHashMap<>();
    final Map<String, NfsMount> mounts = new ConcurrentHashMap<>();
    final Set<String> missingPrivileges = ConcurrentHashMap.newKeySet();
    final Set<String> endedUsers = ConcurrentHashMap.newKeySet();
    final List<String> openUsers = new CopyOnWriteArrayList<>();
    /// The calls that shall fail, with the type of their fault.
    final Map<String, String> failing = new ConcurrentHashMap<>();
    final AtomicInteger ticketsAsked = new AtomicInteger();
    /// How often each call was made, by anybody.
    final Map<String, Integer> calls = new ConcurrentHashMap<>();
    /// What the newest watch follows.
    volatile Set<MoRef> followed = Set.of();
    volatile boolean away;
    final List<Host> hosts = new CopyOnWriteArrayList<>(List.of(host("host-1", "esx1")));
    /// By machine, the host that others have moved it to.
    final Map<String, MoRef> movedTo = new ConcurrentHashMap<>();
    /// The hosts that do not reach what they have mounted.
    final Set<MoRef> cutOff = ConcurrentHashMap.newKeySet();
    /// By host, the addresses of its adapters.
    final Map<MoRef, List<String>> addresses = new ConcurrentHashMap<>();
    final Map<String, Set<MoRef>> mountedOn = new ConcurrentHashMap<>();
    /// What VMware Tools tell, where they run.
    final Map<String, MachineState.Guest> guests = new ConcurrentHashMap<>();
    /// By user, the ids of machines that vCenter does not show him.
    final Map<String, Set<String>> hiddenFrom = new ConcurrentHashMap<>();
    /// How often all machines were asked for.
    final AtomicInteger listings = new AtomicInteger();
    final Map<String, Set<String>> macs = new ConcurrentHashMap<>();
    /// Done before a machine is created; may wait.
    volatile Executable beforeCreate = () -> {
    };
    /// The call at which the server is killed, before or after it takes effect: `before createVm`, `after createVm`.
    volatile String kill = "";

    /// By machine or host, in their order.
    final Map<String, List<ExtensionEvent>> events = new ConcurrentHashMap<>();
    /// By machine, then by name.
    final Map<String, EventAlarm> alarms = new ConcurrentHashMap<>();

    final Map<String, Map<String, String>> attributes = new ConcurrentHashMap<>();

    /// What vCenter knows of datastores that are not ours, and its moves of machines between them.
    final MemoryStorage storage = new MemoryStorage();

    private final AtomicInteger ids = new AtomicInteger(50);

    static Host host(String id, String name) {
        return new Host(new MoRef("HostSystem", id), name, true, false, CLUSTER);
    }

    /// What no code of the server catches: as if the process were gone. vCenter hears nothing any more after it.
    static final class Killed extends Error {
        Killed(String when) {
            super("killed " + when);
        }
    }

    private void killed(String when) {
        if (when.equals(kill)) {
            away = true;
            throw new Killed(when);
        }
    }

    /// Another one with the same machines and datastores, and without tasks.
    MemoryVCenter copy() {
        var copy = new MemoryVCenter();
        copy.machines.putAll(machines);
        copy.specs.putAll(specs);
        copy.mounts.putAll(mounts);
        copy.mountedOn.putAll(mountedOn);
        return copy;
    }

    String reversed(String user) {
        return new StringBuilder(user).reverse().toString();
    }

    synchronized MoRef add(String name) {
        var ref = MoRef.virtualMachine("vm-" + ids.incrementAndGet());
        machines.put(ref.value(), new VirtualMachine(ref, name, PowerState.POWERED_ON, Optional.empty(), ""));
        return ref;
    }

    VirtualMachine machine(String vmId) {
        return Objects.requireNonNull(machines.get(vmId));
    }

    void awaitEvent(String vmId, String typeId) throws InterruptedException {
        synchronized (events) {
            while (events.getOrDefault(vmId, List.of()).stream()
                    .noneMatch(event -> event.typeId().equals(typeId))) {
                events.wait();
            }
        }
    }

    MemoryTask onlyTask(String vmId) {
        return tasks.values().stream().filter(task -> task.vm.value().equals(vmId)).reduce((a, b) -> {
            throw new AssertionError("more than one task on " + vmId);
        }).orElseThrow();
    }

    @Override
    public AboutInfo about() {
        return new AboutInfo("Memory vCenter", "8.0.3", "1", "8.0.3.0", "guid");
    }

    @Override
    public VCenter login(String userName, String password) {
        check("login");
        if (!password.equals(reversed(userName))) {
            throw fault("Login", VCenterFault.INVALID_LOGIN);
        }
        openUsers.add(userName);
        return new Session(userName);
    }

    @Override
    public VCenter fromPluginSession(String token) {
        check("fromPluginSession");
        ticketsAsked.incrementAndGet();
        if (!token.startsWith("plugin-")) {
            throw fault("CloneSession", VCenterFault.INVALID_LOGIN);
        }
        var user = token.substring("plugin-".length());
        openUsers.add(user);
        return new Session(user);
    }

    @Override
    public void close() {}

    void check(String call) {
        calls.merge(call, 1, Integer::sum);
        if (away) {
            throw new VCenterUnavailableException("vCenter: it does not answer; start it again", false, null);
        }
        var fault = failing.get(call);
        if (fault != null) {
            throw fault(call, fault);
        }
    }

    static VCenterFault fault(String call, String type) {
        return new VCenterFault(call, type, "", "");
    }

    /// How a task is, ours or vCenter's own; null if there is none.
    @Nullable
    TaskStatus statusOf(MoRef task) {
        var ours = tasks.get(task.value());
        try {
            return ours == null ? storage.status(task) : ours.status();
        } catch (VCenterFault forgotten) {
            return null;
        }
    }

    private final class Session implements VCenter {

        private final String user;

        private Session(String user) {
            this.user = user;
        }

        private void enter(String call) {
            check(call);
            if (endedUsers.contains(user)) {
                throw fault(call, VCenterFault.NOT_AUTHENTICATED);
            }
        }

        private boolean isHidden(MoRef vm) {
            return hiddenFrom.getOrDefault(user, Set.of()).contains(vm.value());
        }

        private void change(MoRef vm, UnaryOperator<VirtualMachine> change) {
            if (machines.computeIfPresent(vm.value(), (_, old) -> change.apply(old)) == null) {
                throw new VCenterFault("change", VCenterFault.MANAGED_OBJECT_NOT_FOUND, "", vm.value());
            }
        }

        @Override
        public AboutInfo about() {
            return MemoryVCenter.this.about();
        }

        @Override
        public UserSession user() {
            return new UserSession(user, user, "en");
        }

        @Override
        public void keepAlive() {
            enter("keepAlive");
        }

        @Override
        public List<VirtualMachine> virtualMachines() {
            enter("virtualMachines");
            listings.incrementAndGet();
            return machines.values().stream().filter(vm -> !isHidden(vm.ref())).toList();
        }

        @Override
        public VirtualMachine virtualMachine(MoRef vm) {
            enter("virtualMachine");
            if (isHidden(vm)) {
                throw new VCenterFault("RetrievePropertiesEx", VCenterFault.NO_PERMISSION, "", vm.value());
            }
            change(vm, old -> old);
            return machine(vm.value());
        }

        @Override
        public List<VirtualDisk> disks(MoRef vm) {
            enter("disks");
            var spec = specs.get(vm.value());
            return spec == null ? List.of() : storage.disks(vm, spec);
        }

        @Override
        public InventoryWatch watch(InventoryListener listener) {
            enter("watch");
            return new MemoryWatch(MemoryVCenter.this, listener);
        }

        @Override
        public void rename(MoRef vm, String name) {
            enter("rename");
            refuseTaken(name);
            change(vm,
                    old -> new VirtualMachine(vm, name, old.powerState(), old.managedBy(), old.vmPathName()));
        }

        private static void wait(Executable what) {
            try {
                what.execute();
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        private void refuseTaken(String name) {
            if (machines.values().stream().anyMatch(vm -> vm.name().equals(name))) {
                throw new VCenterFault("Rename_Task", VCenterFault.DUPLICATE_NAME, "", name);
            }
        }

        @Override
        public void setManagedBy(MoRef vm, ManagedBy managedBy) {
            enter("setManagedBy");
            change(vm, old -> new VirtualMachine(vm, old.name(), old.powerState(), Optional.of(managedBy),
                    old.vmPathName()));
        }

        @Override
        public void clearManagedBy(MoRef vm) {
            enter("clearManagedBy");
            change(vm, old -> new VirtualMachine(vm, old.name(), old.powerState(), Optional.empty(),
                    old.vmPathName()));
        }

        @Override
        public MoRef createVm(VirtualMachineSpec spec) {
            enter("createVm");
            wait(beforeCreate);
            killed("before createVm");
            refuseTaken(spec.name());
            var ref = MoRef.virtualMachine("vm-" + ids.incrementAndGet());
            machines.put(ref.value(),
                    new VirtualMachine(ref, spec.name(), PowerState.POWERED_OFF, spec.managedBy(),
                            spec.home().toString()));
            specs.put(ref.value(), spec);
            killed("after createVm");
            return ref;
        }

        @Override
        public void powerOn(MoRef vm) {
            enter("powerOn");
            killed("before powerOn");
            power(vm, PowerState.POWERED_ON);
            killed("after powerOn");
        }

        @Override
        public void powerOff(MoRef vm) {
            enter("powerOff");
            killed("before powerOff");
            power(vm, PowerState.POWERED_OFF);
            killed("after powerOff");
        }

        private void power(MoRef vm, PowerState wanted) {
            change(vm, old -> {
                if (old.powerState() == wanted) {
                    throw fault("Power", VCenterFault.INVALID_POWER_STATE);
                }
                return new VirtualMachine(vm, old.name(), wanted, old.managedBy(), old.vmPathName());
            });
        }

        @Override
        public RelocationCheck checkRelocation(MoRef vm, Relocation relocation) {
            enter("checkRelocation");
            return storage.check;
        }

        @Override
        public MoRef relocate(MoRef vm, Relocation relocation) {
            enter("relocate");
            killed("before relocate");
            change(vm, old -> old);
            var task = storage.begin(vm, relocation, new MoRef("Task", "task-" + ids.incrementAndGet()));
            killed("after relocate");
            return task;
        }

        @Override
        public void cancelTask(MoRef task) {
            enter("cancelTask");
            storage.cancel(task);
        }

        @Override
        public Optional<MoRef> relocationOf(MoRef vm) {
            enter("relocationOf");
            return storage.underWay(vm, false);
        }

        @Override
        public MoRef promoteDisks(MoRef vm) {
            enter("promoteDisks");
            change(vm, old -> old);
            return storage.begin(vm, null, new MoRef("Task", "task-" + ids.incrementAndGet()));
        }

        @Override
        public Optional<MoRef> promotionOf(MoRef vm) {
            enter("promotionOf");
            return storage.underWay(vm, true);
        }

        @Override
        public void destroy(MoRef vm) {
            enter("destroy");
            machines.remove(vm.value());
            storage.destroyed.add(vm.value());
        }

        @Override
        public Optional<String> setting(MoRef vm, String key) {
            enter("setting");
            return Optional.ofNullable(specs.get(vm.value()))
                    .map(spec -> spec.extraConfig().getOrDefault(key, ""));
        }

        @Override
        public void unregister(MoRef vm) {
            enter("unregister");
            killed("before unregister");
            machines.remove(vm.value());
            killed("after unregister");
        }

        @Override
        public List<MachineIdentity> identities() {
            enter("identities");
            return machines.values().stream().map(vm -> new MachineIdentity(vm.ref(), vm.name(),
                    Optional.ofNullable(specs.get(vm.ref().value()))
                            .flatMap(spec -> spec.hardware().uuid()).orElse(""),
                    "", Optional.of(folderOf(vm.ref())))).toList();
        }

        private MoRef folderOf(MoRef vm) {
            var spec = specs.get(vm.value());
            return spec == null ? FOLDER : spec.placement().folder();
        }

        @Override
        public MachineState state(MoRef vm) {
            enter("state");
            change(vm, old -> old);
            var spec = specs.get(vm.value());
            return new MachineState(Optional.of(movedTo.getOrDefault(vm.value(), spec == null
                    ? hosts.getFirst().ref()
                    : spec.placement().host())), Optional.of(folderOf(vm)),
                    guests.getOrDefault(vm.value(), new MachineState.Guest(Optional.empty(),
                            Optional.empty(), Optional.of("guestToolsNotRunning"))));
        }

        @Override
        public Set<String> macAddresses(MoRef vm) {
            return macs.getOrDefault(vm.value(), Set.of());
        }

        @Override
        public List<Host> hosts() {
            enter("hosts");
            return List.copyOf(hosts);
        }

        @Override
        public List<String> addresses(MoRef host) {
            enter("addresses");
            return addresses.getOrDefault(host, List.of());
        }

        @Override
        public List<ComputeResource> computeResources() {
            enter("computeResources");
            return List.of(new ComputeResource(CLUSTER, "Cluster", true, POOL,
                    hosts.stream().map(Host::ref).toList()));
        }

        @Override
        public List<ResourcePool> resourcePools() {
            return List.of(new ResourcePool(POOL, "Resources", CLUSTER),
                    new ResourcePool(new MoRef("ResourcePool", "resgroup-2"), "Tests", CLUSTER));
        }

        @Override
        public List<Folder> vmFolders() {
            return List.of(new Folder(FOLDER, "vm", "", new MoRef("Datacenter", "datacenter-1")),
                    folder("group-v2", "A"), folder("group-v3", "B"),
                    new Folder(new MoRef("Folder", "group-v4"), "Same", "A/Same",
                            new MoRef("Folder", "group-v2")),
                    new Folder(new MoRef("Folder", "group-v5"), "Same", "B/Same",
                            new MoRef("Folder", "group-v3")));
        }

        private Folder folder(String id, String name) {
            return new Folder(new MoRef("Folder", id), name, name, FOLDER);
        }

        @Override
        public MoRef vmFolder(MoRef computeResource) {
            return FOLDER;
        }

        @Override
        public List<Network> networks() {
            var all = hosts.stream().map(Host::ref).toList();
            return List
                    .of(new Network(new MoRef("Network", "network-1"), "VM Network", Optional.empty(), all),
                            new Network(new MoRef("DistributedVirtualPortgroup", "dvportgroup-2"),
                                    "Production",
                                    Optional.of(new Network.Portgroup("uuid", "dvportgroup-2")), all));
        }

        @Override
        public List<HardwareVersion> hardwareVersions(MoRef computeResource) {
            return List.of(new HardwareVersion("vmx-9", true, List.of()),
                    new HardwareVersion("vmx-19", true, List.of()));
        }

        @Override
        public List<Datastore> datastores() {
            enter("datastores");
            var all = new ArrayList<Datastore>();
            mounts.forEach((name,
                    mount) -> all.add(new Datastore(new MoRef("Datastore", "ds-" + name), name, "NFS", 0,
                            0, true,
                            Optional.of(new Datastore.NfsExport(mount.remoteHost(), mount.remotePath())),
                            List.copyOf(mountedOn.getOrDefault(name, Set.of())), List.copyOf(cutOff))));
            all.addAll(storage.others);
            return all;
        }

        @Override
        public MoRef mountNfs(MoRef host, NfsMount mount) {
            enter("mountNfs");
            enter("mountNfs " + host.value());
            killed("before mountNfs");
            mounts.put(mount.datastoreName(), mount);
            mountedOn.computeIfAbsent(mount.datastoreName(), _ -> ConcurrentHashMap.newKeySet()).add(host);
            killed("after mountNfs");
            return new MoRef("Datastore", "ds-" + mount.datastoreName());
        }

        @Override
        public UnmountObstacles unmountObstacles(MoRef host, MoRef datastore) {
            enter("unmountObstacles");
            return storage.obstacles;
        }

        @Override
        public void unmount(MoRef host, MoRef datastore) {
            enter("unmount");
            var name = datastore.value().substring("ds-".length());
            var on = mountedOn.getOrDefault(name, Set.of());
            on.remove(host);
            if (on.isEmpty()) {
                mounts.remove(name);
            }
        }

        @Override
        public Optional<Extension> findExtension(String key) {
            enter("findExtension");
            return Optional.ofNullable(extensions.get(key));
        }

        @Override
        public void registerExtension(Extension extension) {
            enter("registerExtension");
            extensions.put(extension.key(), extension);
        }

        @Override
        public void updateExtension(Extension extension) {
            enter("updateExtension");
            extensions.put(extension.key(), extension);
        }

        @Override
        public void unregisterExtension(String key) {
            enter("unregisterExtension");
            extensions.remove(key);
        }

        @Override
        public ExtensionTask createTask(MoRef entity, String taskTypeId, String initiatedBy,
                boolean cancelable) {
            enter("createTask");
            if (extensions.values().stream().noneMatch(known -> known.taskIds().contains(taskTypeId))) {
                throw fault("CreateTask", VCenterFault.INVALID_ARGUMENT);
            }
            var task = new MemoryTask(MemoryVCenter.this, new MoRef("Task", "task-" + ids.incrementAndGet()),
                    entity, initiatedBy);
            tasks.put(task.ref.value(), task);
            return task;
        }

        @Override
        public ExtensionTask task(MoRef task, String taskTypeId) {
            var known = tasks.get(task.value());
            return known == null ? new MemoryTask(MemoryVCenter.this, task, task, "") : known;
        }

        @Override
        public Optional<MoRef> ownTaskOf(MoRef vm, String taskTypeId) {
            enter("ownTaskOf");
            return tasks.values().stream().filter(task -> task.vm.equals(vm) && task.isOpen())
                    .map(task -> task.ref).findFirst();
        }

        @Override
        public void postEvent(MoRef object, ExtensionEvent event) {
            enter("postEvent");
            if (hosts.stream().noneMatch(host -> host.ref().equals(object))) {
                change(object, old -> old);
            }
            synchronized (events) {
                events.computeIfAbsent(object.value(), _ -> new CopyOnWriteArrayList<>()).add(event);
                events.notifyAll();
            }
        }

        @Override
        public void setAttribute(MoRef vm, String name, String value) {
            enter("setAttribute");
            change(vm, old -> old);
            attributes.computeIfAbsent(vm.value(), _ -> new ConcurrentHashMap<>()).put(name, value);
        }

        @Override
        public void removeAttribute(String name) {
            enter("removeAttribute");
            attributes.values().forEach(values -> values.remove(name));
        }

        @Override
        public Optional<EventAlarm> findAlarm(String name) {
            enter("findAlarm");
            return Optional.ofNullable(alarms.get(name));
        }

        @Override
        public void defineAlarm(EventAlarm alarm) {
            enter("defineAlarm");
            alarms.put(alarm.name(), alarm);
        }

        @Override
        public void removeAlarm(String name) {
            enter("removeAlarm");
            alarms.remove(name);
        }

        @Override
        public MoRef rootFolder() {
            return ROOT;
        }

        @Override
        public Set<String> missingPrivileges(MoRef entity, Collection<String> privileges) {
            enter("missingPrivileges");
            var missing = new HashSet<>(missingPrivileges);
            missing.retainAll(privileges);
            return new TreeSet<>(missing);
        }

        @Override
        public void close() {
            openUsers.remove(user);
        }
    }
}
