package org.vmfinalize.vcenter.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.EventAlarm;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.ExtensionEvent;
import org.vmfinalize.vcenter.ExtensionTask;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.InventoryListener;
import org.vmfinalize.vcenter.ManagedBy;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.TaskPhrase;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterConnector;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualHardware;
import org.vmfinalize.vcenter.VirtualMachine;
import org.vmfinalize.vcenter.VirtualMachineSpec;
import org.vmfinalize.vcenter.soap.SoapConnector;

/// The life of an instant VM at any vCenter: see [Target] for which one. What it makes is taken away again.
///
/// What a server does not offer is skipped with its name; that it does something else than it should is a failure.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(Outcomes.class)
public class ConformanceTest {

    private static final String KEY = "org.vmfinalize.conformance";
    private static final ManagedBy MANAGED = new ManagedBy(KEY, "instant-vm");
    private static final String TASK = KEY + ".task";
    private static final String ATTRIBUTE = "vm-finalize conformance";
    private static final String ALARM = "vm-finalize conformance";

    private final String name = "conformance-" + UUID.randomUUID();

    private Target target;
    private VCenterConnector connector;
    private VCenter vcenter;
    private @Nullable Host host;
    private @Nullable MoRef mounted;
    private @Nullable MoRef vm;
    private boolean registered;
    private boolean attributed;
    private boolean alarmed;

    @BeforeAll
    void logIn() throws IOException {
        target = target();
        connector = new SoapConnector(target.address());
        vcenter = connector.login(target.user(), target.password());
    }

    /// The vCenter to judge.
    protected Target target() throws IOException {
        return Target.find();
    }

    @Test
    @Order(1)
    @DisplayName("log in, wrong password refused")
    void sessions() {
        assertThat(vcenter.about().instanceUuid()).isNotEmpty();
        assertThat(vcenter.user().userName()).isNotEmpty();
        vcenter.keepAlive();
        refused(VCenterFault.INVALID_LOGIN, () -> connector.login(target.user(), "not the password"));
    }

    @Test
    @Order(2)
    @DisplayName("read the inventory")
    void inventory() {
        var usable = vcenter.hosts().stream().filter(Host::isUsable).findFirst()
                .orElseThrow(() -> new AssertionError("no host is connected and out of maintenance"));
        assertThat(vcenter.computeResources())
                .anyMatch(compute -> compute.ref().equals(usable.computeResource()));
        assertThat(vcenter.resourcePools()).isNotEmpty();
        assertThat(vcenter.vmFolders())
                .anyMatch(folder -> folder.ref().equals(vcenter.vmFolder(usable.computeResource())));
        assertThat(vcenter.networks()).isNotEmpty();
        assertThat(vcenter.virtualMachines()).extracting(VirtualMachine::ref).doesNotHaveDuplicates();
        host = usable;
    }

    @Test
    @Order(3)
    @DisplayName("register an extension, update it")
    void extension() {
        var wanted = extension("1.0.0", List.of(TASK));
        offered("RegisterExtension", () -> {
            assertThat(vcenter.findExtension(KEY)).isEqualTo(Optional.empty());
            vcenter.registerExtension(wanted);
        });
        registered = true;
        assertThat(vcenter.findExtension(KEY)).hasValueSatisfying(found -> {
            assertThat(found.version()).isEqualTo("1.0.0");
            assertThat(found.taskIds()).containsExactly(TASK);
        });
        refused(VCenterFault.INVALID_ARGUMENT, () -> vcenter.registerExtension(wanted));

        vcenter.updateExtension(extension("1.0.1", List.of(TASK)));

        assertThat(vcenter.findExtension(KEY)).hasValueSatisfying(
                found -> assertThat(found.version()).isEqualTo("1.0.1"));
    }

    @Test
    @Order(4)
    @DisplayName("mount an NFS datastore, mount it again")
    void mount() {
        var host = needsInventory();
        assumeTrue(target.nfs().isPresent(), "no export to mount; name one in vcenter.nfs");
        var mount = target.nfs().orElseThrow();
        var made = offered("CreateNasDatastore", () -> vcenter.mountNfs(host.ref(), mount));
        mounted = made;

        var seen = vcenter.datastores().stream().filter(found -> found.ref().equals(made)).findFirst();

        assertThat(seen).hasValueSatisfying(found -> assertThat(found.nfs())
                .contains(new Datastore.NfsExport(mount.remoteHost(), mount.remotePath())));
    }

    @Test
    @Order(5)
    @DisplayName("create a VM")
    void create() {
        var host = needsInventory();
        var place = vcenter.datastores().stream()
                .filter(found -> found.accessible() && (mounted == null
                        ? found.hosts().isEmpty() || found.hosts().contains(host.ref())
                        : found.ref().equals(mounted)))
                .findFirst();
        assumeTrue(place.isPresent(), "the host has no datastore that is accessible");
        var datastore = place.orElseThrow();
        var pool = vcenter.computeResources().stream()
                .filter(compute -> compute.ref().equals(host.computeResource()))
                .findFirst().orElseThrow().resourcePool();
        var created = vcenter.createVm(new VirtualMachineSpec(name,
                VirtualHardware.simple("otherLinux64Guest", 1, 64, List.of()),
                new DatastorePath(datastore.name(), ""), Optional.empty(), Map.of("vmfinalize.id", name),
                new VirtualMachineSpec.Placement(vcenter.vmFolder(host.computeResource()), pool,
                        host.ref())));
        vm = created;

        var made = vcenter.virtualMachine(created);

        assertThat(made.name()).isEqualTo(name);
        assertThat(made.powerState()).isEqualTo(PowerState.POWERED_OFF);
        assertThat(made.vmPathName()).contains(datastore.name());
        assertThat(vcenter.identities()).anyMatch(identity -> identity.ref().equals(created));
    }

    @Test
    @Order(6)
    @DisplayName("say who manages it, and clear that")
    void managedBy() {
        var made = needsVm();
        assumeTrue(registered, "no extension could be registered that would manage it");
        vcenter.setManagedBy(made, MANAGED);
        assertThat(vcenter.virtualMachine(made).managedBy()).contains(MANAGED);

        vcenter.clearManagedBy(made);

        assertThat(vcenter.virtualMachine(made).managedBy()).isEqualTo(Optional.empty());
    }

    @Test
    @Order(7)
    @DisplayName("power it on, once only")
    void powerOn() {
        var made = needsVm();
        vcenter.powerOn(made);

        assertThat(vcenter.virtualMachine(made).powerState()).isEqualTo(PowerState.POWERED_ON);
        refused(VCenterFault.INVALID_POWER_STATE, () -> vcenter.powerOn(made));
    }

    @Test
    @Order(8)
    @DisplayName("rename it; the change arrives without asking")
    void rename() throws Exception {
        var made = needsVm();
        var renamed = new CompletableFuture<String>();
        var watched = new CountDownLatch(1);
        var listener = new InventoryListener() {
            @Override
            public void changed(VirtualMachine machine) {
                if (machine.ref().equals(made) && !machine.name().equals(name)) {
                    renamed.complete(machine.name());
                }
            }

            @Override
            public void changed(MoRef task, TaskStatus status) {}

            @Override
            public void removed(MoRef ref) {}

            @Override
            public void upToDate() {
                watched.countDown();
            }

            @Override
            public void interrupted(VCenterException why) {
                renamed.completeExceptionally(why);
            }
        };
        try (var watch = vcenter.watch(listener)) {
            watch.follow(made);
            assertThat(watched.await(60, TimeUnit.SECONDS)).as("the watch has begun").isTrue();
            vcenter.rename(made, name + " ü & <b>");

            assertThat(renamed.get(60, TimeUnit.SECONDS)).isEqualTo(name + " ü & <b>");
        }
        assertThat(vcenter.virtualMachine(made).name()).isEqualTo(name + " ü & <b>");
    }

    @Test
    @Order(9)
    @DisplayName("a task of ours on it")
    void task() {
        var made = needsVm();
        assumeTrue(registered, "CreateTask needs an extension, and none could be registered");
        ExtensionTask task = offered("CreateTask",
                () -> vcenter.createTask(made, TASK, vcenter.user().userName(), true));
        task.running();
        task.progress(42);
        task.describe(new TaskPhrase("org.vmfinalize.finalize.progress.hydrating",
                Map.of("disk", "1"), "Hydrating disk 1 of 1"));
        task.succeed();

        refused(VCenterFault.INVALID_STATE, () -> task.progress(43));
        var failed = vcenter.createTask(made, TASK, vcenter.user().userName(), false);
        failed.running();
        failed.fail("It was to fail.");
    }

    @Test
    @Order(10)
    @DisplayName("an event on it")
    void event() {
        var made = needsVm();
        offered("PostEvent",
                () -> vcenter.postEvent(made,
                        new ExtensionEvent(KEY + ".event", ExtensionEvent.Severity.INFO, "It runs.",
                                Map.of("reason", "a test"))));
    }

    @Test
    @Order(11)
    @DisplayName("a custom attribute on it, set and cleared")
    void attribute() {
        var made = needsVm();
        attributed = true;
        offered("SetField", () -> vcenter.setAttribute(made, ATTRIBUTE, "2026-11-25"));
        vcenter.setAttribute(made, ATTRIBUTE, "");
    }

    @Test
    @Order(12)
    @DisplayName("an alarm that events set off, defined, changed and taken away")
    void alarm() {
        var alarm = new EventAlarm(ALARM, "A test", KEY + ".event", KEY + ".other");
        offered("GetAlarm", () -> vcenter.findAlarm(ALARM));
        alarmed = true;
        vcenter.defineAlarm(alarm);

        assertThat(vcenter.findAlarm(ALARM)).contains(alarm);
        var changed = new EventAlarm(ALARM, "Another test", KEY + ".other", KEY + ".event");
        vcenter.defineAlarm(changed);
        assertThat(vcenter.findAlarm(ALARM)).contains(changed);
        vcenter.removeAlarm(ALARM);
        assertThat(vcenter.findAlarm(ALARM)).isEqualTo(Optional.empty());
        alarmed = false;
    }

    @Test
    @Order(13)
    @DisplayName("privileges on it")
    void privileges() {
        var made = needsVm();
        var missing = offered("HasPrivilegeOnEntities",
                () -> vcenter.missingPrivileges(made,
                        List.of("System.Read", "VirtualMachine.Config.Rename")));

        assertThat(missing).isEmpty();
    }

    @Test
    @Order(14)
    @DisplayName("power it off, once only")
    void powerOff() {
        var made = needsVm();
        vcenter.powerOff(made);

        assertThat(vcenter.virtualMachine(made).powerState()).isEqualTo(PowerState.POWERED_OFF);
        refused(VCenterFault.INVALID_POWER_STATE, () -> vcenter.powerOff(made));
    }

    @Test
    @Order(15)
    @DisplayName("unregister it")
    void unregister() {
        var made = needsVm();
        vcenter.unregister(made);
        vm = null;

        refused(VCenterFault.MANAGED_OBJECT_NOT_FOUND, () -> vcenter.virtualMachine(made));
        assertThat(vcenter.virtualMachines()).noneMatch(machine -> machine.ref().equals(made));
    }

    @Test
    @Order(16)
    @DisplayName("unmount the NFS datastore")
    void unmount() {
        var host = needsInventory();
        var mount = mounted;
        assumeTrue(mount != null, "nothing was mounted");
        offered("RemoveDatastore", () -> vcenter.unmount(host.ref(), Objects.requireNonNull(mount)));

        assertThat(vcenter.datastores())
                .noneMatch(found -> found.ref().equals(mount) && found.hosts().contains(host.ref()));
        mounted = null;
    }

    @Test
    @Order(17)
    @DisplayName("take the extension away")
    void unregisterExtension() {
        assumeTrue(registered, "no extension could be registered");
        vcenter.unregisterExtension(KEY);
        registered = false;

        assertThat(vcenter.findExtension(KEY)).isEqualTo(Optional.empty());
        refused(VCenterFault.NOT_FOUND, () -> vcenter.unregisterExtension(KEY));
    }

    @AfterAll
    void cleanUp() throws IOException {
        try (var _ = target; var _ = connector; var session = vcenter) {
            if (session == null) {
                return;
            }
            var left = vm;
            if (left != null) {
                attempt(() -> session.powerOff(left));
                attempt(() -> session.unregister(left));
            }
            if (alarmed) {
                attempt(() -> session.removeAlarm(ALARM));
            }
            if (attributed) {
                attempt(() -> session.removeAttribute(ATTRIBUTE));
            }
            var on = host;
            var mount = mounted;
            if (on != null && mount != null) {
                attempt(() -> session.unmount(on.ref(), mount));
            }
            if (registered) {
                attempt(() -> session.unregisterExtension(KEY));
            }
        }
    }

    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (VCenterException e) {
            System.out.println("clean-up: " + e.getMessage());
        }
    }

    private Host needsInventory() {
        assumeTrue(host != null, "the inventory could not be read");
        return Objects.requireNonNull(host);
    }

    private MoRef needsVm() {
        assumeTrue(vm != null, "there is no VM, since an earlier step went wrong");
        return Objects.requireNonNull(vm);
    }

    private static Extension extension(String version, List<String> tasks) {
        return new Extension(KEY, version, "vm-finalize", "vm-finalize conformance", "A test",
                List.of(), List.of(), tasks, List.of(KEY + ".event"), List.of(), List.of(),
                List.of(new Extension.Resources("en", "resources", Map.of(TASK + ".label", "Conformance"))),
                List.of(new Extension.ManagedEntity(MANAGED.type(), "https://192.0.2.10/a.png",
                        "https://192.0.2.10/b.png", "A test")));
    }

    /// Skips the step if the server says that it does not have `call`.
    private static <T> T offered(String call, Supplier<T> step) {
        try {
            return step.get();
        } catch (VCenterFault fault) {
            boolean noManager = fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)
                    && fault.detail().endsWith("Manager");
            if (noManager || fault.is("MethodNotFound") || fault.is("NotSupported")) {
                abort("this server does not offer " + call);
            }
            throw fault;
        }
    }

    private static void offered(String call, Runnable step) {
        offered(call, () -> {
            step.run();
            return Boolean.TRUE;
        });
    }

    private static void refused(String fault, ThrowingCallable call) {
        assertThatThrownBy(call).asInstanceOf(type(VCenterFault.class)).extracting(VCenterFault::type)
                .isEqualTo(fault);
    }
}
