package org.vmfinalize.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.vmfinalize.lab.client.InventoryObject;
import org.vmfinalize.lab.client.LabClient;
import org.vmfinalize.lab.client.RecentTask;
import org.vmfinalize.lab.client.VSphere;
import org.vmfinalize.lab.vcenter.GuestTools;
import org.vmfinalize.lab.vcenter.HostStorage;
import org.vmfinalize.lab.vcenter.LabVCenter;
import org.vmfinalize.lab.vcenter.RegisteredExtension;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Tag;
import org.vmfinalize.vcenter.VirtualMachine;

/// The lab's vCenter and its vSphere Client, both in this process and on the loopback address.
///
/// **Threads:** any number.
final class LabVSphere implements AutoCloseable {

    private final LabVCenter vcenter;
    private final LabClient client;
    private final String password;
    private final String operatorPassword;
    private final AtomicBoolean loggedIn;

    private LabVSphere(LabVCenter vcenter, AtomicBoolean loggedIn, LabClient client, String password,
            String operatorPassword) {
        this.vcenter = vcenter;
        this.loggedIn = loggedIn;
        this.client = client;
        this.password = password;
        this.operatorPassword = operatorPassword;
    }

    /// Starts both.
    ///
    /// @param pagePort of the vSphere Client; 0 for any free one
    /// @throws LabException if that port is in use
    static LabVSphere start(int pagePort) throws IOException {
        var password = randomPassword();
        var operatorPassword = randomPassword();
        var vcenter = startVCenter(password, operatorPassword);
        var loggedIn = new AtomicBoolean(true);
        try {
            return new LabVSphere(vcenter, loggedIn,
                    LabClient.start(new Inventory(vcenter, loggedIn), LabVCenter.ADMINISTRATOR, pagePort),
                    password, operatorPassword);
        } catch (BindException e) {
            vcenter.close();
            throw new LabException(
                    "--port %d: must be free but is in use by another program; choose another, or 0 for any"
                            .formatted(pagePort),
                    e);
        } catch (IOException e) {
            vcenter.close();
            throw e;
        }
    }

    /// The vCenter itself, for what no client of it can do.
    LabVCenter vcenter() {
        return vcenter;
    }

    /// Where a browser finds the vSphere Client.
    URI page() {
        return client.address();
    }

    URI sdk() {
        return vcenter.sdk();
    }

    /// SHA-256 of vCenter's certificate.
    String thumbprint() {
        return vcenter.thumbprint();
    }

    String userName() {
        return LabVCenter.ADMINISTRATOR;
    }

    String password() {
        return password;
    }

    /// Who may look, rename, start and stop, but has no privilege of ours.
    String operatorName() {
        return LabVCenter.OPERATOR;
    }

    String operatorPassword() {
        return operatorPassword;
    }

    /// Gives vCenter a host that moves machines.
    void storage(HostStorage host) {
        vcenter.storage(host);
    }

    /// A virtual machine as vCenter shows it.
    ///
    /// @param managed whether a solution manages it, which gives it an icon of its own
    record Machine(String id, String name, boolean managed) {}

    List<Machine> machines() {
        return vcenter.inventory().machines().stream()
                .map(machine -> new Machine(machine.ref().value(), machine.name(),
                        machine.managedBy().isPresent()))
                .toList();
    }

    Machine vm(String id) throws LabException {
        return machines().stream().filter(machine -> machine.id().equals(id)).findFirst()
                .orElseThrow(
                        () -> new LabException("vCenter: must know the VM %s but does not".formatted(id)));
    }

    /// The tasks of that kind on a machine, of the latest ones.
    List<org.vmfinalize.lab.vcenter.RecentTask> tasksOf(String vmId, String label) {
        return vcenter.recentTasks().stream()
                .filter(task -> task.entityId().equals(vmId) && task.label().equals(label)).toList();
    }

    /// Ends the sessions of everybody, as when vCenter was restarted; the client's user has to log in again.
    void logOut() {
        loggedIn.set(false);
        vcenter.endSessions();
    }

    /// The client's user is back.
    void logIn() {
        loggedIn.set(true);
    }

    /// Lets VMware Tools in a VM tell something.
    ///
    /// @param told empty: they do not run any more
    void toolsTell(String vmId, Optional<GuestTools> told) {
        vcenter.toolsTell(MoRef.virtualMachine(vmId), told);
    }

    /// Attaches a tag to a VM.
    void attachTag(String vmId, String category, String name) {
        vcenter.attachTag(MoRef.virtualMachine(vmId), new Tag(category, name));
    }

    /// Calls `listener` after a machine was started or stopped, with its new state.
    void onPowerChange(Consumer<VirtualMachine> listener) {
        vcenter.onPowerChange(listener);
    }

    @Override
    public void close() {
        client.close();
        vcenter.close();
    }

    private static LabVCenter startVCenter(String password, String operatorPassword) throws IOException {
        try {
            return new LabVCenter(0, password, operatorPassword);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String randomPassword() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// The lab's vCenter as the page wants to see it.
    private record Inventory(LabVCenter vcenter, AtomicBoolean loggedIn) implements VSphere {

        @Override
        public String instanceUuid() {
            return vcenter.instanceUuid();
        }

        @Override
        public List<InventoryObject> inventory() {
            var now = vcenter.inventory();
            var datacenter = object("Datacenter", "datacenter-1", Optional.empty(), now.datacenter(),
                    Map.of());
            var host = object("HostSystem", "host-1", Optional.of("datacenter-1"), now.host(),
                    Map.of("Cluster", now.cluster()));
            var stores = now.datastores().stream()
                    .map(name -> object("Datastore", "datastore-" + name, Optional.of("datacenter-1"), name,
                            Map.of()));
            var machines = now.machines().stream().map(Inventory::machine);
            return Stream.of(Stream.of(datacenter, host), machines, stores).flatMap(each -> each).toList();
        }

        @Override
        public List<RecentTask> recentTasks() {
            return vcenter.recentTasks().stream().map(Inventory::task).toList();
        }

        @Override
        public List<Extension> extensions() {
            return vcenter.extensions().stream().map(Inventory::extension).toList();
        }

        @Override
        public Optional<String> issuePluginToken(String userName) {
            return loggedIn.get() ? Optional.of(vcenter.issuePluginToken(userName)) : Optional.empty();
        }

        @Override
        public boolean cancelTask(String taskId) {
            return vcenter.cancelTask(taskId);
        }

        private static InventoryObject object(String type, String id, Optional<String> parent, String name,
                Map<String, String> facts) {
            return new InventoryObject(type, id, parent, name, Optional.empty(), Optional.empty(), facts);
        }

        private static InventoryObject machine(VirtualMachine machine) {
            var facts = new LinkedHashMap<String, String>();
            facts.put("Configuration file", machine.vmPathName());
            return new InventoryObject("VirtualMachine", machine.ref().value(), Optional.of("host-1"),
                    machine.name(),
                    Optional.of(word(machine)),
                    machine.managedBy().map(by -> new InventoryObject.Manager(by.extensionKey(), by.type())),
                    facts);
        }

        private static String word(VirtualMachine machine) {
            return switch (machine.powerState()) {
                case POWERED_ON -> "poweredOn";
                case POWERED_OFF -> "poweredOff";
                case SUSPENDED -> "suspended";
                case UNKNOWN -> "unknown";
            };
        }

        private static RecentTask task(org.vmfinalize.lab.vcenter.RecentTask task) {
            return new RecentTask(task.id(), task.label(), task.entityName(), task.entityId(), task.state(),
                    task.percent(),
                    details(task), task.cancelable() && !task.cancelled(), task.initiator(),
                    Optional.of(task.queuedAt()), task.endedAt());
        }

        /// What a task that is over was doing last is of no interest any more.
        private static String details(org.vmfinalize.lab.vcenter.RecentTask task) {
            return task.endedAt().isPresent() ? task.error() : task.description();
        }

        private static Extension extension(RegisteredExtension registered) {
            var server = new Extension.Server(registered.manifestUrl(), "MANIFEST_SERVER", List.of(),
                    Optional.of(registered.serverThumbprint()).filter(thumbprint -> !thumbprint.isEmpty()));
            var client = new Extension.Client(registered.manifestUrl(), "vsphere-client-remote");
            var managed = registered.managedKinds().stream()
                    .map(kind -> new Extension.ManagedEntity(kind.type(), kind.smallIconUrl(), kind.iconUrl(),
                            kind.description()))
                    .toList();
            boolean hasPages = !registered.manifestUrl().isEmpty();
            return new Extension(registered.key(), registered.version(), "", registered.label(), "",
                    hasPages ? List.of(server) : List.of(), hasPages ? List.of(client) : List.of(), List.of(),
                    List.of(),
                    List.of(), List.of(), List.of(), managed);
        }
    }
}
