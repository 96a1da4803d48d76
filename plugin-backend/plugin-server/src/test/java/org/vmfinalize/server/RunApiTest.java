package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VirtualMachineSpec;

/// Where a VM goes that is run from a backup, what it consists of, and why it is refused.
class RunApiTest extends ApiTest {

    @Override
    void prepare() {
        vcenter.hosts.add(MemoryVCenter.host("host-2", "esx2"));
        vcenter.hosts.add(new Host(new MoRef("HostSystem", "host-3"), "esx3", true, true,
                MemoryVCenter.CLUSTER));
        vcenter.hosts.add(new Host(new MoRef("HostSystem", "host-4"), "esx4", false, false,
                MemoryVCenter.CLUSTER));
    }

    private RunningServer.Answer run(String more) throws Exception {
        return server.post(INSTANT_VMS, "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"%s}"
                .formatted(name, backup, more));
    }

    private VirtualMachineSpec made(String more) throws Exception {
        var answer = run(more);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return specOf(answer);
    }

    private static VirtualMachineSpec specOf(RunningServer.Answer answer) {
        return Objects.requireNonNull(vcenter.specs.get(answer.text("id")));
    }

    @Test
    void withoutAPlaceItGoesToAHostThatCanBeUsed() throws Exception {
        var answer = run("");
        var spec = specOf(answer);

        assertThat(spec.placement()).isEqualTo(new VirtualMachineSpec.Placement(MemoryVCenter.FOLDER,
                MemoryVCenter.POOL, new MoRef("HostSystem", "host-1")));
        assertThat(spec.extraConfig()).containsOnlyKeys("vmfinalize.id");
        assertThat(spec.hardware().cards()).isEmpty();
        assertThat(answer.response().headers().firstValue("server-timing").orElseThrow())
                .contains("disks;dur=", "create;dur=", "total;dur=");
        // Also in maintenance mode, so that it can be moved there afterwards; a host that is away cannot be asked.
        assertThat(vcenter.mountedOn.get("ds1")).extracting(MoRef::value)
                .containsExactlyInAnyOrder("host-1", "host-2", "host-3");
    }

    @Test
    void aPlaceIsFoundByNameByPathAndById() throws Exception {
        var byName = made(
                ",\"host\":\"esx2\",\"cluster\":\"Cluster\",\"resourcePool\":\"Tests\",\"folder\":\"B/Same\"");
        assertThat(byName.placement().host().value()).isEqualTo("host-2");
        assertThat(byName.placement().pool().value()).isEqualTo("resgroup-2");
        assertThat(byName.placement().folder().value()).isEqualTo("group-v5");

        name += "b";
        var byId = made(",\"cluster\":\"domain-c1\",\"resourcePool\":\"resgroup-1\",\"folder\":\"group-v2\"");
        assertThat(byId.placement().host().value()).isEqualTo("host-1");
        assertThat(byId.placement().folder().value()).isEqualTo("group-v2");
    }

    @Test
    void aBackupWithoutADescriptionGetsACardWhereANetworkIsNamed() throws Exception {
        var spec = made(
                ",\"network\":\"Production\",\"cpus\":4,\"memoryMiB\":2048,\"guestId\":\"debian12_64Guest\",\"hardwareVersion\":\"vmx-19\",\"powerOn\":false");

        assertThat(spec.hardware().cards()).singleElement().satisfies(card -> {
            assertThat(card.network().name()).isEqualTo("Production");
            assertThat(card.connected()).isTrue();
        });
        assertThat(spec.hardware().cpus()).isEqualTo(4);
        assertThat(spec.hardware().version()).contains("vmx-19");
        assertThat(vcenter.machines.values()).anySatisfy(vm -> {
            assertThat(vm.name()).isEqualTo(name);
            assertThat(vm.powerState()).isEqualTo(PowerState.POWERED_OFF);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "\"host\":\"esx9\"; host-not-found; esx1, esx2",
            "\"host\":\"esx3\"; host-not-usable; maintenance",
            "\"host\":\"esx4\"; host-not-usable; not connected",
            "\"cluster\":\"Other\"; cluster-not-found; choose one of Cluster",
            "\"resourcePool\":\"Other\"; resource-pool-not-found; Resources, Tests",
            "\"folder\":\"Other\"; folder-not-found; choose one of",
            "\"folder\":\"Same\"; ambiguous-name; group-v4, group-v5",
            "\"networks\":{\"VM Network\":\"Other\"}; network-not-found; Production, VM Network",
            "\"hardwareVersion\":\"vmx-21\"; hardware-version-unsupported; only vmx-9, vmx-19",
            "\"hardwareVersion\":\"21\"; hardware-version-unsupported; must look like vmx-19",
            "\"cpus\":0; bad-request; CPUs", "\"memoryMiB\":3; bad-request; memory"})
    void whatThereIsNotIsNamedWithWhatThereIs(String fields, String problem, String named) throws Exception {
        var answer = run("," + fields);

        assertThat(answer.problem()).isEqualTo(problem);
        assertThat(answer.text("detail")).contains(named);
        assertThat(Files.exists(server.datastore.resolve(name))).isFalse();
        assertThat(vcenter.machines.values()).noneSatisfy(vm -> assertThat(vm.name()).isEqualTo(name));
    }

    @Test
    void aHostThatCannotMountTheDatastoreIsPassedOverOrNamed() throws Exception {
        vcenter.mounts.clear();
        vcenter.mountedOn.clear();
        vcenter.failing.put("mountNfs host-1", "PlatformConfigFault");

        var refused = run(",\"host\":\"esx1\"");
        var elsewhere = made(",\"cluster\":\"Cluster\"");

        assertThat(refused.problem()).isEqualTo("datastore-not-reachable");
        assertThat(refused.text("detail")).contains("'ds1'", "'esx1'", "PlatformConfigFault", "NFS");
        assertThat(elsewhere.placement().host().value()).isEqualTo("host-2");
    }

    @Test
    void whoCouldNotMakeTheMachineHimselfIsTold() throws Exception {
        for (var privilege : List.of("Resource.AssignVMToPool", "VirtualMachine.Inventory.Create",
                "VirtualMachine.Config.AddExistingDisk", "VirtualMachine.Interact.PowerOn",
                "Network.Assign")) {
            vcenter.missingPrivileges.add(privilege);

            var answer = run(",\"network\":\"Production\"");

            assertThat(answer.problem()).isEqualTo("forbidden");
            assertThat(answer.text("detail")).contains(privilege, "alice");
            vcenter.missingPrivileges.clear();
        }
        vcenter.missingPrivileges.add("VirtualMachine.Interact.PowerOn");
        assertThat(run(",\"powerOn\":false").status()).isEqualTo(201);
    }

    @Test
    void aNameThatIsTakenIsRefusedAndNothingIsLeft() throws Exception {
        vcenter.add(name);

        assertThat(run("").problem()).isEqualTo("name-taken");

        assertThat(server.datastore.resolve(name)).doesNotExist();
        assertThat(server.get(INSTANT_VMS).json().get("items").toString()).doesNotContain(name);
    }

    @Test
    void listsTheHostsThatAMachineCanBeRunOn() throws Exception {
        var hosts = server.get("/api/v1/destinations").json().get("hosts");

        assertThat(hosts.valueStream().filter(host -> host.get("usable").asBoolean())
                .map(host -> host.get("name").asString())).contains("esx2").doesNotContain("esx3", "esx4");
    }

    @Test
    void listsTheDatastoresThatAHostHasMounted() throws Exception {
        made("");

        assertThat(server.get("/api/v1/destinations").json().get("datastores").valueStream()
                .map(store -> store.get("name").asString())).contains("ds1");
    }
}
