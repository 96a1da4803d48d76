package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.lab.vcenter.LabVCenter;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.soap.Limits;
import org.vmfinalize.vcenter.soap.SoapConnector;
import tools.jackson.databind.json.JsonMapper;

/// What the command line says that it would do, on a server and a vCenter that run; and that it does nothing of it.
@TestInstance(Lifecycle.PER_CLASS)
class CommandLinePlanTest {

    private CommandLineLab lab;
    private Path backup;

    @BeforeAll
    void runAVm(@TempDir Path folder) throws IOException, InterruptedException {
        lab = CommandLineLab.start(folder, "planned-01");
        backup = lab.backups().resolve("planned-01.raw");
        lab.site().api().createInstantVm("planned-01", backup.toString(), LabSite.DATASTORE);
    }

    @AfterAll
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void aFinalizationThatIsPossibleIsToldWithItsSpaceItsPrivilegesAndItsHosts() throws Exception {
        var plan = lab.run("finalize", "planned-01", "--name", "planned-02", "--provisioning", "thick",
                "--dry-run");

        assertThat(plan).as("%s", plan).returns(0, CommandRun::status);
        assertThat(plan.output()).contains("finalize planned-01 as planned-02: possible; nothing was done")
                .contains("backup: " + backup + " (raw)")
                .contains("disks: 1 of 4.0 MiB, of which 4.0 MiB are only in the backup")
                .containsPattern("datastore lab-datastore: .* are needed for thick, .* are free")
                .containsPattern("vmfinalize.Finalize +VM planned-01 +yes").containsPattern("esx-01 +yes");
        assertThat(lab.run("finalizations", "-o", "json").output().strip()).isEqualTo("[ ]");
    }

    @Test
    void aFinalizationThatMovesTellsTheRoomThereAndEndsOnTheOtherDatastore() throws Exception {
        var content = lab.backup("moved-01", 1 << 20);
        lab.site().api().createInstantVm("moved-01", content.toString(), LabSite.DATASTORE);

        var plan = lab.run("finalize", "moved-01", "--move-to", LabSite.OTHER_DATASTORE, "--dry-run");
        var moved = lab.run("finalize", "moved-01", "--move-to", LabSite.OTHER_DATASTORE);

        assertThat(plan.output()).containsPattern(LabSite.OTHER_DATASTORE + ".* needed.* free");
        assertThat(moved).as("%s", moved).returns(0, CommandRun::status);
        assertThat(lab.site().otherDatastore().resolve("moved-01/disk-0-flat.vmdk"))
                .hasSameBinaryContentAs(content);
    }

    @Test
    void aFinalizationThatWouldBeRefusedIsToldWithEachReasonAndItsRemedy() throws Exception {
        var plan = lab.run("plan", "finalize", "planned-01", "--name", "web-01", "--provisioning", "fat");

        assertThat(plan).as("%s", plan).returns(1, CommandRun::status);
        assertThat(plan.output()).contains("would be refused; nothing was done")
                .containsPattern("refused: .*web-01.*\\(Choose another name")
                .containsPattern("refused: .*fat.*\\(Choose thin, thick or eager-thick");
        assertThat(lab.names()).contains("planned-01");
    }

    @Test
    void programsGetThePlanAsTheServerMadeIt() throws Exception {
        var plan = new JsonMapper().readTree(lab.run("plan", "run", backup.toString(), "--name",
                "planned-03", "--network", "Nowhere", "--output", "json").output());

        assertThat(plan.path("action").asString()).isEqualTo("run");
        assertThat(plan.path("possible").asBoolean()).isFalse();
        assertThat(plan.at("/refusals/0/type").asString()).isEqualTo("/problems/network-not-found");
        assertThat(plan.at("/refusals/0/remedy").asString()).contains("disconnected");
        assertThat(lab.run("plan", "finalize", "planned-01", "--output", "csv").output())
                .startsWith("ACTION,VM,POSSIBLE,IN BACKUP,NEEDED,FREE,REFUSALS\n"
                        + "finalize,planned-01,true,4194304,4194304,");
    }

    @Test
    void whatADiscardWouldLoseIsToldAndThatAFinalizationPreventsIt() throws Exception {
        var vm = lab.site().api().run(Map.of("name", "planned-04", "backup", backup.toString(), "datastore",
                LabSite.DATASTORE));

        var possible = lab.run("discard", vm.id(), "--dry-run");
        assertThat(possible).as("%s", possible).returns(0, CommandRun::status);
        assertThat(possible.output()).contains("discard planned-04: possible; nothing was done",
                "lost: 0 B that the guest has written");

        assertThat(lab.run("finalize", vm.id(), "--limit", "1 kB/s", "--no-wait"))
                .returns(0, CommandRun::status);
        var refused = lab.run("plan", "discard", vm.id());
        assertThat(refused).as("%s", refused).returns(1, CommandRun::status);
        assertThat(refused.output()).contains("is being finalized; cancel that first");
        assertThat(lab.names()).contains("planned-04");
    }

    @Test
    void aMachineThatSomebodyTookOutOfVCenterIsDiscardedByItsId() throws Exception {
        var vm = lab.site().api().run(Map.of("name", "planned-05", "backup", backup.toString(), "datastore",
                LabSite.DATASTORE, "powerOn", false));
        var vcenter = lab.site().vsphere().vcenter();
        try (var connector = new SoapConnector(VCenterAddress.pinned(vcenter.sdk(), vcenter.thumbprint()),
                Limits.DEFAULT);
                var session = connector.login(LabVCenter.ADMINISTRATOR, lab.site().vsphere().password())) {
            session.unregister(MoRef.virtualMachine(vm.id()));
        }

        assertThat(lab.run("vms").output()).doesNotContain(vm.id());
        var plan = lab.run("discard", vm.id(), "--dry-run");
        assertThat(plan).as("%s", plan).returns(0, CommandRun::status);
        assertThat(plan.output()).contains("discard planned-05: possible",
                "warning: VM planned-05: somebody took it out of vCenter's inventory");
        assertThat(lab.run("discard", vm.id(), "--yes")).returns(0, CommandRun::status);
        assertThat(lab.folder().resolve("datastore/planned-05")).doesNotExist();
        assertThat(lab.run("discard", "vm-99999", "--yes")).returns(5, CommandRun::status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "plan vms", "plan finalise planned-01"})
    void whatCannotBePlannedIsRefused(String words) throws Exception {
        var refused = lab.run(words.split(" ", -1));

        assertThat(refused).as("%s", refused).returns(2, CommandRun::status);
        assertThat(refused.errors().lines()).singleElement().asString().startsWith("vm-finalize: ");
    }
}
