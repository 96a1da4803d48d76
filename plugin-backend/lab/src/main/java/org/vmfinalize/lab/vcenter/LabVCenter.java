package org.vmfinalize.lab.vcenter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.vmfinalize.lab.vcenter.Value.Ref;
import org.vmfinalize.server.tls.SelfSignedCertificate;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Tag;
import org.vmfinalize.vcenter.VirtualMachine;

/// An embedded vCenter: HTTPS on the loopback address, an inventory that it really keeps, and two users. It looks at no
/// other server, so what it says of datastores is only what it was told.
///
/// Everything is forgotten when it is closed.
///
/// **Threads:** any number.
public final class LabVCenter implements AutoCloseable {

    /// The user who may do everything.
    public static final String ADMINISTRATOR = "administrator@vsphere.local";

    /// The user who may look, rename, start and stop, but has no privilege of ours.
    public static final String OPERATOR = "operator@vsphere.local";

    private final World world = new World();
    private final String instanceUuid = UUID.randomUUID().toString();
    private final List<Consumer<VirtualMachine>> powerListeners = new CopyOnWriteArrayList<>();
    private final LabTags tags = new LabTags();
    private final Tasks tasks = new Tasks(world);
    private final RelocationMethods relocations = new RelocationMethods(world, tasks);
    private final ExtensionMethods extensions = new ExtensionMethods(world, tasks);
    private final AlarmMethods alarms = new AlarmMethods(world);
    private final Methods methods = new Methods();
    private final SelfSignedCertificate certificate;
    private final Sessions sessions;
    private final LabHttp http;

    /// Starts a vCenter.
    ///
    /// @param port                  0 for any that is free
    /// @param administratorPassword of [#ADMINISTRATOR]
    /// @param operatorPassword      of [#OPERATOR]
    /// @throws UncheckedIOException if the port cannot be used
    public LabVCenter(int port, String administratorPassword, String operatorPassword) {
        sessions = new Sessions(List.of(new LabUser(ADMINISTRATOR, administratorPassword, true),
                new LabUser(OPERATOR, operatorPassword, false)));
        certificate = SelfSignedCertificate.create(List.of("localhost", "127.0.0.1"));
        var seeds = world.locked(() -> Seeds.plant(world));
        var service = new SessionMethods(world, sessions, seeds, instanceUuid);
        service.addTo(methods);
        extensions.addTo(methods);
        new CollectorMethods(world).addTo(methods);
        new MachineMethods(world, tasks, seeds, relocations, this::powerChanged).addTo(methods);
        relocations.addTo(methods);
        new StoreMethods(world).addTo(methods);
        alarms.addTo(methods);
        new NoteMethods(world, alarms).addTo(methods);
        try {
            http = new LabHttp(certificate.serverContext(), port, world, sessions, methods, service,
                    instanceUuid, tags);
        } catch (IOException e) {
            tasks.close();
            throw new UncheckedIOException(
                    "lab's vCenter: port %d must be free but is not: %s; choose another".formatted(port,
                            e.getMessage()),
                    e);
        }
        http.start();
    }

    /// The address of its API.
    public URI sdk() {
        return URI.create("https://127.0.0.1:%d/sdk".formatted(http.port()));
    }

    /// SHA-256 of its certificate, as pairs of hexadecimal digits with colons.
    public String thumbprint() {
        return certificate.thumbprint();
    }

    /// Its certificate in PEM form.
    public String certificatePem() {
        return certificate.pem();
    }

    /// Which vCenter it is: the last part of the vSphere Client's object ids.
    public String instanceUuid() {
        return instanceUuid;
    }

    /// What is in the inventory now.
    public LabInventory inventory() {
        return world.locked(() -> new LabInventory("lab-vcenter", "Lab", "Cluster", "esx-01",
                world.all(Machine.class).stream().map(Machine::view).toList(),
                world.all(Store.class).stream().map(Store::name).toList()));
    }

    /// The latest tasks, the newest first, at most 200 that are over.
    public List<RecentTask> recentTasks() {
        return world.locked(() -> tasks.recent().stream().map(task -> task.view(label(task))).toList());
    }

    private String label(LabTask task) {
        return switch (task.descriptionId()) {
            case "VirtualMachine.rename" -> "Rename virtual machine";
            case "VirtualMachine.reconfigure" -> "Reconfigure virtual machine";
            case "VirtualMachine.powerOn" -> "Power On virtual machine";
            case "VirtualMachine.powerOff" -> "Power Off virtual machine";
            case "Folder.createVm" -> "Create virtual machine";
            case "VirtualMachine.relocate" -> "Relocate virtual machine";
            case "VirtualMachine.promoteDisks" -> "Promote disks";
            case "VirtualMachine.destroy" -> "Delete virtual machine";
            case "VirtualMachineProvisioningChecker.checkRelocate" -> "Check relocation";
            default -> extensions.label(task.descriptionId());
        };
    }

    /// Adds ordinary machines, as a large inventory has them; every second one runs.
    public void addMachines(int count) {
        world.locked(() -> Seeds.plantMore(world, count));
    }

    /// Lets a host come into the cluster.
    public MoRef addHost(String name) {
        var host = world.locked(() -> Seeds.plantHost(world, name));
        return new MoRef(host.type(), host.id());
    }

    /// The hosts that have a datastore mounted, by its name.
    public List<MoRef> hostsWith(String datastore) {
        return world.locked(() -> world.all(Store.class).stream()
                .filter(store -> store.name().equals(datastore)).flatMap(store -> store.hosts().stream())
                .map(host -> new MoRef(host.type(), host.id())).toList());
    }

    /// Waits until something holds of the inventory; it is looked at again after each change.
    ///
    /// @return whether it came to hold in time
    public boolean await(Duration patience, BooleanSupplier holds) {
        return world
                .locked(() -> world.await(patience.toNanos(),
                        () -> Optional.of(holds).filter(BooleanSupplier::getAsBoolean)))
                .isPresent();
    }

    /// How often the sessions of a user called each method of the API, since the start.
    public Map<String, Long> calls(String userName) {
        return world.locked(() -> sessions.user(userName).map(methods::calls).orElse(Map.of()));
    }

    /// The names of the alarms that are red on a virtual machine now, by name.
    ///
    /// @throws IllegalArgumentException if there is no such machine
    public List<String> redAlarms(MoRef vm) {
        return world.locked(() -> world.find(new Ref(vm.type(), vm.value())).map(Machine.class::cast)
                .map(alarms::redOn)
                .orElseThrow(() -> new IllegalArgumentException(vm + ": there is no such virtual machine")));
    }

    /// Asks for a task to be cancelled, as its button in the vSphere Client does.
    ///
    /// @return whether it could be asked: the task is there, not over, and lets itself be cancelled
    public boolean cancelTask(String taskId) {
        return world.locked(() -> world.find(new Ref("Task", taskId)).map(object -> {
            try {
                ((LabTask) object).cancel();
            } catch (LabFault e) {
                return false;
            }
            world.notifyChanged();
            return true;
        }).orElse(false));
    }

    /// The extensions that are registered.
    public List<RegisteredExtension> extensions() {
        return world.locked(extensions::registered);
    }

    /// The token that the vSphere Client gives to a plugin's pages for a user, which a plugin's server exchanges for a
    /// session of that user.
    ///
    /// @throws IllegalArgumentException if there is no such user
    public String issuePluginToken(String userName) {
        return world.locked(() -> sessions.pluginToken(userName));
    }

    /// Lets VMware Tools in a machine tell something.
    ///
    /// @param told empty: they do not run any more
    public void toolsTell(MoRef vm, Optional<GuestTools> told) {
        world.locked(() -> {
            world.find(new Ref(vm.type(), vm.value())).ifPresent(object -> {
                if (object instanceof Machine machine && machine.poweredOn) {
                    machine.tools = told.orElse(null);
                }
            });
            world.notifyChanged();
        });
    }

    /// Attaches a tag, which is made if there is none.
    public void attachTag(MoRef vm, Tag tag) {
        world.locked(() -> tags.attach(new Ref(vm.type(), vm.value()), tag));
    }

    /// Ends all sessions, as a restart of vCenter does.
    public void endSessions() {
        world.locked(() -> {
            sessions.closeAll();
            world.notifyChanged();
        });
    }

    /// Calls `listener` after a machine was started or stopped, with its new state, on a thread that makes the next task
    /// wait.
    public void onPowerChange(Consumer<VirtualMachine> listener) {
        powerListeners.add(listener);
    }

    private void powerChanged(VirtualMachine vm) {
        powerListeners.forEach(listener -> listener.accept(vm));
    }

    /// Gives it a host that moves machines to another datastore; before that it refuses to.
    public void storage(HostStorage host) {
        relocations.host(host);
    }

    @Override
    public void close() {
        http.close();
        relocations.close();
        tasks.close();
    }
}
