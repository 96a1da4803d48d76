package org.vmfinalize.lab.vcenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.EventAlarm;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.ExtensionEvent;
import org.vmfinalize.vcenter.Folder;
import org.vmfinalize.vcenter.HardwareVersion;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.InventoryListener;
import org.vmfinalize.vcenter.ManagedBy;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Network;
import org.vmfinalize.vcenter.NfsMount;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.TaskPhrase;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualHardware;
import org.vmfinalize.vcenter.VirtualHardware.CardType;
import org.vmfinalize.vcenter.VirtualHardware.Controller;
import org.vmfinalize.vcenter.VirtualHardware.ControllerType;
import org.vmfinalize.vcenter.VirtualHardware.ExistingDisk;
import org.vmfinalize.vcenter.VirtualHardware.Firmware;
import org.vmfinalize.vcenter.VirtualHardware.NetworkCard;
import org.vmfinalize.vcenter.VirtualMachine;
import org.vmfinalize.vcenter.VirtualMachineSpec;
import org.vmfinalize.vcenter.VirtualMachineSpec.Placement;
import org.vmfinalize.vcenter.soap.Limits;
import org.vmfinalize.vcenter.soap.SoapConnector;

/// The product's client against the lab's vCenter: neither knows the other's code.
class LabVCenterTest {

    private static final String FINALIZE = "org.vmfinalize.finalize";
    private static final ManagedBy INSTANT_VM = new ManagedBy("org.vmfinalize", "instant-vm");
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20), Duration.ofSeconds(2), 1 << 20);

    /// For whom our tasks are made, who is not the one who makes them.
    private static final String USER = "VSPHERE.LOCAL\\alice";

    private static LabVCenter lab;
    private static SoapConnector connector;
    private VCenter vcenter;

    @BeforeAll
    static void start() {
        lab = new LabVCenter(0, "admin-secret", "operator-secret");
        connector = new SoapConnector(VCenterAddress.pinned(lab.sdk(), lab.thumbprint()), LIMITS);
    }

    @BeforeEach
    void login() {
        vcenter = connector.login(LabVCenter.ADMINISTRATOR, "admin-secret");
        if (vcenter.findExtension("org.vmfinalize").isEmpty()) {
            vcenter.registerExtension(extension("1.0.0.0"));
        }
    }

    @AfterEach
    void logout() {
        vcenter.close();
    }

    @AfterAll
    static void stop() {
        connector.close();
        lab.close();
    }

    @Test
    void anAlarmTurnsRedAndGreenByEvents() {
        var vm = vcenter.virtualMachines().getFirst().ref();
        var alarm = new EventAlarm("Backup away", "A test", "org.vmfinalize.away", "org.vmfinalize.back");
        vcenter.defineAlarm(new EventAlarm("Backup away", "Another text", "other", "org.vmfinalize.back"));
        vcenter.defineAlarm(alarm);
        vcenter.defineAlarm(alarm);

        assertThat(vcenter.findAlarm("Backup away")).contains(alarm);
        vcenter.postEvent(vm,
                new ExtensionEvent("other", ExtensionEvent.Severity.ERROR, "Not ours", Map.of()));
        assertThat(lab.redAlarms(vm)).isEmpty();
        vcenter.postEvent(vm,
                new ExtensionEvent("org.vmfinalize.away", ExtensionEvent.Severity.ERROR, "Away", Map.of()));
        assertThat(lab.redAlarms(vm)).containsExactly("Backup away");
        vcenter.postEvent(vm,
                new ExtensionEvent("org.vmfinalize.back", ExtensionEvent.Severity.INFO, "Back", Map.of()));
        assertThat(lab.redAlarms(vm)).isEmpty();
        vcenter.removeAlarm("Backup away");
        vcenter.removeAlarm("Backup away");
        assertThat(vcenter.findAlarm("Backup away")).isEqualTo(Optional.empty());
    }

    @Test
    void notesOnAMachineAreTakenAndTheAttributeIsDefinedOnce() {
        var vm = vcenter.virtualMachines().getFirst().ref();

        vcenter.postEvent(vm,
                new ExtensionEvent("org.vmfinalize.started", ExtensionEvent.Severity.WARNING, "Started",
                        Map.of("reason", "a test")));
        vcenter.setAttribute(vm, "backup", "nightly");
        vcenter.setAttribute(vm, "backup", "");
        vcenter.removeAttribute("backup");
        vcenter.removeAttribute("backup");

        var gone = MoRef.virtualMachine("vm-999");
        assertThatThrownBy(() -> vcenter.setAttribute(gone, "backup", "nightly"))
                .isInstanceOf(VCenterFault.class);
        var operator = connector.login(LabVCenter.OPERATOR, "operator-secret");
        assertThatThrownBy(() -> operator.setAttribute(vm, "other", "x")).isInstanceOf(VCenterFault.class)
                .hasMessageContaining("Global.ManageCustomFields");
        operator.close();
        vcenter.removeAttribute("backup");
    }

    @Test
    void aHostHasEventsAndNothingElseHas() {
        var event = new ExtensionEvent("org.vmfinalize.hostLacksDatastore", ExtensionEvent.Severity.WARNING,
                "Lacks it",
                Map.of("datastore", "ds1"));

        vcenter.postEvent(vcenter.hosts().getFirst().ref(), event);

        assertThatThrownBy(() -> vcenter.postEvent(new MoRef("HostSystem", "host-999"), event))
                .isInstanceOf(VCenterFault.class);
        assertThatThrownBy(() -> vcenter.postEvent(vcenter.rootFolder(), event))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("must be of");
    }

    @Test
    void anInstantVmLivesFromItsMountToItsEnd() {
        var powered = new LinkedBlockingQueue<VirtualMachine>();
        lab.onPowerChange(powered::add);
        var host = vcenter.hosts().getFirst();
        var datastore = vcenter.mountNfs(host.ref(), new NfsMount("192.0.2.1", "/life", "life", false));

        var vm = vcenter.createVm(spec("life", "instant"));
        assertThat(vcenter.virtualMachine(vm))
                .isEqualTo(new VirtualMachine(vm, "instant", PowerState.POWERED_OFF,
                        Optional.of(INSTANT_VM), "[life] instant/instant.vmx"));
        assertThat(vcenter.disks(vm)).singleElement().satisfies(disk -> {
            assertThat(disk.fileName()).isEqualTo("[life] instant/disk-0.vmdk");
            assertThat(disk.capacityBytes()).isEqualTo(1L << 30);
            assertThat(disk.label()).isEqualTo("Hard disk 1");
        });
        vcenter.powerOn(vm);
        assertThat(poll(powered).powerState()).isEqualTo(PowerState.POWERED_ON);

        vcenter.rename(vm, "finished");
        var task = vcenter.createTask(vm, FINALIZE, USER, true);
        task.running();
        task.progress(42);
        task.describe(new TaskPhrase("org.vmfinalize.finalize.progress.hydrating",
                Map.of("disk", "1"), "Hydrating disk 1 of 1"));
        assertThat(lab.recentTasks().getFirst()).satisfies(shown -> {
            assertThat(shown.label()).isEqualTo("Finalize virtual machine");
            assertThat(shown.state()).isEqualTo("running");
            assertThat(shown.percent()).isEqualTo(42);
            assertThat(shown.description()).isEqualTo("Hydrating disk 1 of 1");
            assertThat(shown.entityName()).isEqualTo("finished");
            assertThat(shown.initiator()).isEqualTo(USER);
        });
        vcenter.clearManagedBy(vm);
        task.succeed();

        assertThat(lab.inventory().machines())
                .contains(new VirtualMachine(vm, "finished", PowerState.POWERED_ON,
                        Optional.empty(), "[life] instant/instant.vmx"));
        assertThat(lab.recentTasks().getFirst().state()).isEqualTo("success");
        vcenter.powerOff(vm);
        assertFault(() -> vcenter.unmount(host.ref(), datastore), VCenterFault.RESOURCE_IN_USE);
        vcenter.unregister(vm);
        vcenter.unmount(host.ref(), datastore);
        assertThat(lab.inventory().datastores()).doesNotContain("life");
        assertFault(() -> vcenter.virtualMachine(vm), VCenterFault.MANAGED_OBJECT_NOT_FOUND);
    }

    @Test
    void theSameExportIsMountedOnce() {
        var host = vcenter.hosts().getFirst().ref();
        var mount = new NfsMount("192.0.2.1", "/twice", "twice", false);

        var first = vcenter.mountNfs(host, mount);

        assertThat(vcenter.mountNfs(host, mount)).isEqualTo(first);
        assertFault(() -> vcenter.mountNfs(host, new NfsMount("192.0.2.1", "/other", "twice", false)),
                VCenterFault.DUPLICATE_NAME);
        vcenter.unmount(host, first);
    }

    @Test
    void aNameThatIsTakenIsRefused() {
        assertFault(() -> vcenter.rename(vm("web-01"), "db-01"), VCenterFault.DUPLICATE_NAME);
    }

    @Test
    void aNameKeepsPercentSlashAndBackslash() {
        var vm = vm("files-01");

        vcenter.rename(vm, "50% a/b\\c %2f");

        assertThat(vcenter.virtualMachine(vm).name()).isEqualTo("50% a/b\\c %2f");
        assertThat(lab.inventory().machines()).extracting(VirtualMachine::name).contains("50% a/b\\c %2f");
        vcenter.rename(vm, "files-01");
    }

    @Test
    void eightyCharactersAreANameAndOneMoreIsNot() {
        var vm = vm("files-01");

        vcenter.rename(vm, "n".repeat(80));
        vcenter.rename(vm, "files-01");

        assertThatThrownBy(() -> vcenter.rename(vm, "n".repeat(81)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 80 characters but had 81");
        assertThatThrownBy(() -> vcenter.rename(vm, "  ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vcenter.rename(vm, "a\u0007b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMachineThatRunsCannotBeStarted() {
        assertFault(() -> vcenter.powerOn(vm("web-01")), VCenterFault.INVALID_POWER_STATE);
    }

    @Test
    void aDatastoreThatTheHostDoesNotHaveIsRefused() {
        assertFault(() -> vcenter.createVm(spec("nowhere", "lost")), "InvalidDatastore");
    }

    @Test
    void thePlacesForAMachineAreFound() {
        var host = vcenter.hosts().getFirst();
        assertThat(host.isUsable()).isTrue();
        var hosts = vcenter.hosts().stream().map(Host::ref).toList();
        assertThat(vcenter.hosts()).extracting(Host::name).containsExactly("esx-01", "esx-02");
        var cluster = vcenter.computeResources().getFirst();
        assertThat(cluster.cluster()).isTrue();
        assertThat(cluster.ref()).isEqualTo(host.computeResource());
        assertThat(cluster.hosts()).isEqualTo(hosts);
        assertThat(vcenter.resourcePools()).singleElement().satisfies(pool -> {
            assertThat(pool.owner()).isEqualTo(cluster.ref());
            assertThat(pool.ref()).isEqualTo(cluster.resourcePool());
        });
        var root = vcenter.vmFolder(cluster.ref());
        assertThat(vcenter.vmFolders()).extracting(Folder::path).containsExactlyInAnyOrder("", "Restored");
        assertThat(vcenter.vmFolders().stream().filter(folder -> folder.path().isEmpty()).map(Folder::ref))
                .containsExactly(root);
        assertThat(vcenter.networks()).extracting(Network::name).containsExactlyInAnyOrder("VM Network",
                "Production");
        assertThat(vcenter.networks()).allSatisfy(
                network -> assertThat(network.hosts()).isEqualTo(hosts));
        assertThat(network("VM Network").portgroup()).isEmpty();
        assertThat(network("Production").portgroup()).isPresent();
        assertThat(vcenter.hardwareVersions(cluster.ref())).extracting(HardwareVersion::key)
                .contains("vmx-19").doesNotContain("vmx-21");
    }

    private Network network(String name) {
        return vcenter.networks().stream().filter(network -> network.name().equals(name)).findFirst()
                .orElseThrow();
    }

    @Test
    void aMachineHasTheHardwareThatWasAskedFor() {
        var host = vcenter.hosts().getFirst().ref();
        var datastore = vcenter.mountNfs(host, new NfsMount("192.0.2.1", "/hardware", "hardware", false));
        var hardware = new VirtualHardware("windows2019srv_64Guest", Optional.of("vmx-19"), 4, 2, 4096,
                Firmware.EFI, true, Optional.of("42100000-0000-0000-0000-000000000001"), Optional.empty(),
                List.of(new Controller(ControllerType.LSI_LOGIC_SAS, 0),
                        new Controller(ControllerType.IDE, 0)),
                List.of(new ExistingDisk(new DatastorePath("hardware", "h/a.vmdk"), 1 << 20, 0, 3),
                        new ExistingDisk(new DatastorePath("hardware", "h/b.vmdk"), 1 << 20, 1, 1)),
                List.of(new NetworkCard(CardType.VMXNET3, network("Production"),
                        Optional.of("00:50:56:AA:BB:CC"), true),
                        new NetworkCard(CardType.E1000E, network("VM Network"), Optional.empty(), false)));

        var vm = vcenter.createVm(new VirtualMachineSpec("hardware", hardware,
                new DatastorePath("hardware", "h"), Optional.empty(), Map.of("vmfinalize.id", "42"),
                placement()));

        assertThat(vcenter.disks(vm)).hasSize(2);
        assertThat(vcenter.macAddresses(vm)).hasSize(2).contains("00:50:56:aa:bb:cc");
        assertThat(vcenter.identities()).anySatisfy(identity -> {
            assertThat(identity.ref()).isEqualTo(vm);
            assertThat(identity.name()).isEqualTo("hardware");
            assertThat(identity.uuid()).isEqualTo("42100000-0000-0000-0000-000000000001");
            assertThat(identity.instanceUuid()).isNotBlank();
            assertThat(identity.folder()).contains(placement().folder());
        });
        assertThat(vcenter.state(vm)).satisfies(state -> {
            assertThat(state.host()).contains(host);
            assertThat(state.folder()).contains(placement().folder());
            assertThat(state.guest().toolsStatus()).contains("guestToolsNotRunning");
            assertThat(state.guest().ipAddress()).isEmpty();
        });
        vcenter.unregister(vm);
        vcenter.unmount(host, datastore);
    }

    @Test
    void aWrongPasswordIsAFaultThatDoesNotShowIt() {
        assertFault(() -> connector.login(LabVCenter.ADMINISTRATOR, "wrong-secret"),
                VCenterFault.INVALID_LOGIN);
        assertThatThrownBy(() -> connector.login(LabVCenter.ADMINISTRATOR, "wrong-secret"))
                .hasMessageNotContaining("wrong-secret");
    }

    @Test
    void aForgottenSessionIsRenewedByItsPassword() {
        lab.endSessions();

        assertThat(vcenter.virtualMachines()).extracting(VirtualMachine::name).contains("web-01");
        assertThat(vcenter.missingPrivileges(vm("web-01"), List.of("vmfinalize.Finalize"))).isEmpty();
    }

    @Test
    void aPluginTokenBecomesASessionOfItsUserWhichCannotBeRenewed() {
        try (var operator = connector.fromPluginSession(lab.issuePluginToken(LabVCenter.OPERATOR))) {
            assertThat(operator.user().userName()).isEqualTo("VSPHERE.LOCAL\\operator");
            assertThat(operator.missingPrivileges(vm("web-01"),
                    List.of("vmfinalize.Finalize", "System.Read", "vmfinalize.RunFromBackup")))
                    .containsExactly("vmfinalize.Finalize", "vmfinalize.RunFromBackup");
            assertThat(vcenter.hasPrivileges(vm("web-01"), List.of("vmfinalize.Finalize"))).isTrue();

            lab.endSessions();

            assertFault(operator::virtualMachines, VCenterFault.NOT_AUTHENTICATED);
        }
    }

    @Test
    void aTokenThatVCenterDoesNotKnowIsRefused() {
        assertFault(() -> connector.fromPluginSession("nonsense"), VCenterFault.INVALID_LOGIN);
        assertFault(() -> connector.fromPluginSession("a\r\nX: y"), VCenterFault.INVALID_LOGIN);
    }

    @Test
    void whoLacksAPrivilegeIsToldWhich() {
        try (var operator = connector.login(LabVCenter.OPERATOR, "operator-secret")) {
            assertThatThrownBy(() -> operator.setManagedBy(vm("web-01"), INSTANT_VM))
                    .asInstanceOf(type(VCenterFault.class))
                    .satisfies(fault -> assertThat(fault.type()).isEqualTo(VCenterFault.NO_PERMISSION))
                    .satisfies(
                            fault -> assertThat(fault.detail()).isEqualTo("VirtualMachine.Config.ManagedBy"));
        }
    }

    @Test
    void aCancelledTaskShowsItAndEndsAsAnError() throws Exception {
        var heard = new Heard();
        var task = vcenter.createTask(vm("web-01"), FINALIZE, USER, true);
        task.running();
        try (var watch = vcenter.watch(heard)) {
            watch.follow(task.ref());
            assertThat(heard.awaitTask(_ -> true).cancelAsked()).isFalse();

            assertThat(lab.cancelTask(task.ref().value())).isTrue();

            heard.awaitTask(TaskStatus::cancelAsked);
        }
        // This server takes no RequestCanceled from us: it is the other fault that ends the task.
        vcenter.task(task.ref(), FINALIZE).cancelled();
        assertThat(lab.recentTasks().getFirst()).satisfies(shown -> {
            assertThat(shown.state()).isEqualTo("error");
            assertThat(shown.cancelled()).isTrue();
            assertThat(shown.error()).isEqualTo("The task was cancelled.");
        });
        assertThat(lab.cancelTask(task.ref().value())).isFalse();
    }

    @Test
    void aTaskEndsOnce() {
        var task = vcenter.createTask(vm("web-01"), FINALIZE, USER, false);
        assertFault(() -> task.progress(1), VCenterFault.INVALID_STATE);
        task.running();

        task.fail("The datastore is full");
        task.succeed();

        assertThat(lab.recentTasks().getFirst()).satisfies(shown -> {
            assertThat(shown.state()).isEqualTo("error");
            assertThat(shown.error()).isEqualTo("The datastore is full");
        });
        assertFault(() -> task.progress(50), VCenterFault.INVALID_STATE);
        assertThat(lab.cancelTask(task.ref().value())).isFalse();
    }

    @Test
    void aTaskTypeThatNoExtensionHasIsRefused() {
        assertFault(() -> vcenter.createTask(vm("web-01"), "org.vmfinalize.nosuch", USER, true),
                VCenterFault.INVALID_ARGUMENT);
    }

    @Test
    void anExtensionComesBackAsItWasRegistered() {
        assertThat(vcenter.findExtension("org.vmfinalize")).contains(extension("1.0.0.0"));
        assertFault(() -> vcenter.registerExtension(extension("1.0.0.0")), VCenterFault.INVALID_ARGUMENT);

        vcenter.updateExtension(extension("1.0.1.0"));

        assertThat(vcenter.findExtension("org.vmfinalize")).contains(extension("1.0.1.0"));
        assertThat(lab.extensions()).singleElement().satisfies(registered -> {
            assertThat(registered.manifestUrl()).isEqualTo("https://127.0.0.1:1/plugin.json");
            assertThat(registered.serverThumbprint()).isEqualTo("AA:BB");
            assertThat(registered.managedKinds()).singleElement().isEqualTo(
                    new RegisteredExtension.ManagedKind("instant-vm", "https://127.0.0.1:1/16.png",
                            "https://127.0.0.1:1/32.png", "Runs from a backup"));
        });
        vcenter.unregisterExtension("org.vmfinalize");
        assertThat(vcenter.findExtension("org.vmfinalize")).isEmpty();
        assertFault(() -> vcenter.unregisterExtension("org.vmfinalize"), VCenterFault.NOT_FOUND);
    }

    @Test
    void aWatchTellsWhatIsThereAndEveryChangeEvenAcrossALostSession() {
        var heard = new Heard();
        try (var watch = vcenter.watch(heard)) {
            watch.follow(vm("db-01"));
            heard.awaitMachine("db-01", PowerState.POWERED_ON);

            vcenter.setManagedBy(vm("db-01"), INSTANT_VM);
            assertThat(heard.awaitMachine("db-01", PowerState.POWERED_ON).managedBy()).contains(INSTANT_VM);
            vcenter.clearManagedBy(vm("db-01"));
            assertThat(heard.awaitMachine("db-01", PowerState.POWERED_ON).managedBy()).isEmpty();

            lab.endSessions();
            vcenter.powerOff(vm("db-01"));
            heard.awaitMachine("db-01", PowerState.POWERED_OFF);
            vcenter.powerOn(vm("db-01"));
            heard.awaitMachine("db-01", PowerState.POWERED_ON);
        }
    }

    @Test
    void aTaskIsWatchedToItsEndAndWhatThereIsNotIsSaidToBeGone() throws Exception {
        var heard = new Heard();
        var task = vcenter.createTask(vm("db-01"), FINALIZE, USER, true);
        try (var watch = vcenter.watch(heard)) {
            watch.follow(List.of(task.ref(), MoRef.virtualMachine("vm-0")));
            assertThat(heard.gone.poll(60, TimeUnit.SECONDS)).isEqualTo(MoRef.virtualMachine("vm-0"));
            assertThat(heard.awaitTask(status -> true).state()).isEqualTo(TaskStatus.State.UNDER_WAY);
            task.running();
            task.progress(41);
            heard.awaitTask(status -> status.percent() == 41);
            lab.cancelTask(task.ref().value());
            heard.awaitTask(TaskStatus::cancelAsked);
            task.cancelled();
        }
    }

    @Test
    void manyMachinesAreWatchedByAsFewCallsAsOne() {
        lab.addMachines(300);
        var all = lab.inventory().machines().stream().map(VirtualMachine::ref).toList();
        var heard = new Heard();
        var before = lab.calls(LabVCenter.ADMINISTRATOR);
        try (var watch = vcenter.watch(heard)) {
            watch.follow(all);
            all.forEach(_ -> poll(heard.changes));
            vcenter.powerOff(vm("db-01"));
            heard.awaitMachine("db-01", PowerState.POWERED_OFF);
            vcenter.powerOn(vm("db-01"));
            heard.awaitMachine("db-01", PowerState.POWERED_ON);
            watch.follow(all);
        }
        var calls = new TreeMap<>(lab.calls(LabVCenter.ADMINISTRATOR));
        before.forEach((method, count) -> calls.merge(method, -count, Long::sum));

        assertThat(calls.getOrDefault("CreateListView", 0L)).isEqualTo(1);
        assertThat(calls.getOrDefault("ModifyListView", 0L)).isEqualTo(1);
        assertThat(calls.getOrDefault("RetrievePropertiesEx", 0L)).isZero();
        assertThat(calls.getOrDefault("WaitForUpdatesEx", 0L)).isLessThan(30);
    }

    @Test
    void aHostThatComesIntoTheClusterIsHeardOf() throws Exception {
        try (var other = new LabVCenter(0, "admin-secret", "operator-secret");
                var door = new SoapConnector(VCenterAddress.pinned(other.sdk(), other.thumbprint()), LIMITS);
                var session = door.login(LabVCenter.ADMINISTRATOR, "admin-secret")) {
            var cluster = session.computeResources().getFirst();
            var heard = new LinkedBlockingQueue<Set<MoRef>>();
            var names = new LinkedBlockingQueue<String>();
            try (var watch = session.watch(new Heard() {
                @Override
                public void changed(Host host) {
                    names.add(host.name());
                }

                @Override
                public void changed(MoRef ref, Set<MoRef> hosts) {
                    heard.add(hosts);
                }
            })) {
                watch.follow(cluster.ref());
                assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(Set.copyOf(cluster.hosts()));

                var joined = other.addHost("esx-03");

                assertThat(heard.poll(60, TimeUnit.SECONDS)).hasSize(3).contains(joined);
                watch.follow(joined);
                assertThat(names.poll(60, TimeUnit.SECONDS)).isEqualTo("esx-03");
                assertThat(session.addresses(joined)).containsExactly("127.0.0.1");
            }
        }
    }

    private static MoRef vm(String name) {
        return lab.inventory().machines().stream().filter(vm -> vm.name().equals(name)).findFirst()
                .orElseThrow().ref();
    }

    private static VirtualMachineSpec spec(String datastore, String name) {
        var disk = new ExistingDisk(new DatastorePath(datastore, name + "/disk-0.vmdk"), 1L << 30, 0, 0);
        return new VirtualMachineSpec(name,
                VirtualHardware.simple("otherLinux64Guest", 1, 512, List.of(disk)),
                new DatastorePath(datastore, name), Optional.of(INSTANT_VM), Map.of(), placement());
    }

    private static Placement placement() {
        return new Placement(new MoRef("Folder", "group-v3"), new MoRef("ResourcePool", "resgroup-7"),
                new MoRef("HostSystem", "host-8"));
    }

    private static Extension extension(String version) {
        return new Extension("org.vmfinalize", version, "vm-finalize", "VM Finalize", "Makes it permanent",
                List.of(new Extension.Server("https://127.0.0.1:1/plugin.json", "MANIFEST_SERVER",
                        List.of("a@example.org"),
                        Optional.of("AA:BB"))),
                List.of(new Extension.Client("https://127.0.0.1:1/plugin.json", "vsphere-client-remote")),
                List.of(FINALIZE), List.of(), List.of(FINALIZE + ".failed"),
                List.of(new Extension.Privilege("vmfinalize.Finalize", "vmfinalize")),
                List.of(new Extension.Resources("en", "resources",
                        Map.of(FINALIZE + ".label", "Finalize virtual machine"))),
                List.of(new Extension.ManagedEntity("instant-vm", "https://127.0.0.1:1/16.png",
                        "https://127.0.0.1:1/32.png",
                        "Runs from a backup")));
    }

    private static void assertFault(ThrowingCallable call, String faultType) {
        assertThatThrownBy(call).asInstanceOf(type(VCenterFault.class))
                .extracting(VCenterFault::type).isEqualTo(faultType);
    }

    private static VirtualMachine poll(LinkedBlockingQueue<VirtualMachine> queue) {
        try {
            var vm = queue.poll(60, TimeUnit.SECONDS);
            assertThat(vm).as("a machine within 60 s").isNotNull();
            return vm;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static class Heard implements InventoryListener {

        private final LinkedBlockingQueue<VirtualMachine> changes = new LinkedBlockingQueue<>();

        private final LinkedBlockingQueue<TaskStatus> tasks = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<MoRef> gone = new LinkedBlockingQueue<>();

        TaskStatus awaitTask(Predicate<TaskStatus> wanted) throws InterruptedException {
            while (true) {
                var status = tasks.poll(60, TimeUnit.SECONDS);
                assertThat(status).as("a change of the task within 60 s").isNotNull();
                if (wanted.test(status)) {
                    return status;
                }
            }
        }

        VirtualMachine awaitMachine(String name, PowerState state) {
            while (true) {
                var vm = poll(changes);
                if (vm.name().equals(name) && vm.powerState() == state) {
                    return vm;
                }
            }
        }

        @Override
        public void changed(VirtualMachine vm) {
            changes.add(vm);
        }

        @Override
        public void changed(MoRef task, TaskStatus status) {
            tasks.add(status);
        }

        @Override
        public void removed(MoRef object) {
            gone.add(object);
        }

        @Override
        public void interrupted(VCenterException why) {}

        @Override
        public void upToDate() {}
    }
}
