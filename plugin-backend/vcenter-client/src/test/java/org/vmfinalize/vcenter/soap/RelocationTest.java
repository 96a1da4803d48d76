package org.vmfinalize.vcenter.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.Relocation.DiskForm;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.TaskStatus.State;
import org.vmfinalize.vcenter.VCenterFault;

/// Moving virtual machines: what is asked, and what vCenter answers while it moves.
class RelocationTest {

    private static final MoRef VM = MoRef.virtualMachine("vm-51");
    private static final MoRef TASK = new MoRef("Task", "task-7");
    private static final MoRef STORE = new MoRef("Datastore", "datastore-48");

    private final FakeVCenter fake = new FakeVCenter();

    @AfterEach
    void stop() {
        fake.close();
    }

    @ParameterizedTest
    @CsvSource({"THIN, true, false", "THICK_LAZY_ZEROED, false, false", "THICK_EAGER_ZEROED, false, true"})
    void theFormOfEachDiskIsAskedForInTheOrderOfTheWsdl(DiskForm form, boolean thin, boolean scrub) {
        fake.answer("RelocateVM_Task", "<returnval type=\"Task\">task-7</returnval>");

        var task = fake.login().relocate(VM,
                new Relocation(STORE, List.of(new Relocation.Disk(2000, form))));

        assertThat(task).isEqualTo(TASK);
        assertThat(fake.requests("RelocateVM_Task").getFirst().getBodyAsString()
                .replace(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type", " xsi:type"))
                .contains(
                        "<_this type=\"VirtualMachine\">vm-51</_this><spec><datastore type=\"Datastore\">datastore-48</datastore>"
                                + "<disk><diskId>2000</diskId><datastore type=\"Datastore\">datastore-48</datastore>"
                                + "<diskMoveType>moveAllDiskBackingsAndDisallowSharing</diskMoveType>"
                                + "<diskBackingInfo xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName></fileName>"
                                + "<diskMode>persistent</diskMode><thinProvisioned>" + thin
                                + "</thinProvisioned>"
                                + "<eagerlyScrub>" + scrub + "</eagerlyScrub></diskBackingInfo></disk></spec>"
                                + "<priority>defaultPriority</priority>");
    }

    /// An order whose answer is lost may have been taken: it is never sent a second time.
    @Test
    void theOrderIsSentOnceEvenIfItsAnswerIsLost() {
        fake.call("RelocateVM_Task", FakeVCenter.xml(200, "half an ans"));

        assertThatThrownBy(() -> fake.login().relocate(VM, new Relocation(STORE, List.of())));

        assertThat(fake.requests("RelocateVM_Task")).hasSize(1);
    }

    @Test
    void howFarATaskIsAndHowItEndedIsTold() throws Exception {
        assertThat(status("<state>running</state><cancelled>false</cancelled><progress>41</progress>"))
                .returns(State.UNDER_WAY, TaskStatus::state).returns(41, TaskStatus::percent)
                .returns(false, TaskStatus::cancelAsked);
        assertThat(status("<state>success</state>").state()).isEqualTo(State.SUCCEEDED);
        var failed = status(
                "<state>error</state><error><fault xsi:type=\"NoDiskSpace\"><file>[san] a</file></fault>"
                        + "<localizedMessage>Insufficient disk\n space.</localizedMessage></error>");
        assertThat(failed.failure().orElseThrow()).returns("NoDiskSpace", VCenterFault::type)
                .returns("Insufficient disk space.", VCenterFault::text);
        assertThat(failed.isCancelled()).isFalse();
        assertThat(status("<state>error</state><error><fault xsi:type=\"RequestCanceled\"/>"
                + "<localizedMessage>x</localizedMessage></error>").isCancelled()).isTrue();
    }

    private static TaskStatus status(String content) throws Exception {
        return FakeVCenter.statusIn(FakeVCenter.envelope("RetrievePropertiesEx",
                "<returnval><objects><obj type=\"Task\">task-7</obj><propSet>"
                        + "<name>info</name><val xsi:type=\"TaskInfo\"><key>task-7</key><task type=\"Task\">task-7</task>"
                        + "<descriptionId>VirtualMachine.relocate</descriptionId>" + content
                        + "</val></propSet></objects></returnval>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"InvalidState", "NotSupported", "ManagedObjectNotFound"})
    void cancellingWhatIsOverOrCannotBeCancelledIsNoError(String fault) {
        fake.call("CancelTask", FakeVCenter.fault(fault, ""));

        assertThatCode(() -> fake.login().cancelTask(TASK)).doesNotThrowAnyException();
    }

    @Test
    void cancellingWithoutThePrivilegeIsAnError() {
        fake.call("CancelTask",
                FakeVCenter.fault("NoPermission", "<privilegeId>Global.CancelTask</privilegeId>"));

        assertThatThrownBy(() -> fake.login().cancelTask(TASK)).asInstanceOf(type(VCenterFault.class))
                .returns("Global.CancelTask", VCenterFault::detail);
    }

    @Test
    void aServerThatCannotCheckIsNotAsked() {
        assertThat(fake.login().checkRelocation(VM, new Relocation(STORE, List.of())).errors()).isEmpty();
        assertThat(fake.requests("CheckRelocate_Task")).isEmpty();
    }

    @Test
    void allDisksArePromotedAndUnlinked() {
        fake.answer("PromoteDisks_Task", "<returnval type=\"Task\">task-7</returnval>");

        assertThat(fake.login().promoteDisks(VM)).isEqualTo(TASK);

        assertThat(fake.requests("PromoteDisks_Task").getFirst().getBodyAsString())
                .contains(
                        "<_this type=\"VirtualMachine\">vm-51</_this><unlink>true</unlink></PromoteDisks_Task>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"VirtualDiskFlatVer2BackingInfo", "VirtualDiskSeSparseBackingInfo",
            "VirtualDiskSparseVer2BackingInfo"})
    void theParentOfADiskIsSeenWhateverItsKind(String kind) {
        fake.answer("RetrievePropertiesEx",
                "<returnval><objects><obj type=\"VirtualMachine\">vm-51</obj><propSet>"
                        + "<name>config.hardware.device</name><val xsi:type=\"ArrayOfVirtualDevice\">"
                        + "<VirtualDevice xsi:type=\"VirtualDisk\"><key>2000</key><backing xsi:type=\"" + kind
                        + "\"><fileName>[san] a/a.vmdk</fileName><diskMode>persistent</diskMode>"
                        + "<parent xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName>[ds1] a/disk-0.vmdk</fileName></parent>"
                        + "</backing><capacityInKB>1</capacityInKB></VirtualDevice></val></propSet></objects></returnval>");

        assertThat(fake.login().disks(VM)).singleElement().satisfies(disk -> {
            assertThat(disk.fileName()).isEqualTo("[san] a/a.vmdk");
            assertThat(disk.parent()).isEqualTo("[ds1] a/disk-0.vmdk");
        });
    }

    @Test
    void aSettingIsFoundByItsKey() {
        fake.answer("RetrievePropertiesEx",
                "<returnval><objects><obj type=\"VirtualMachine\">vm-51</obj><propSet>"
                        + "<name>config.extraConfig</name><val xsi:type=\"ArrayOfOptionValue\">"
                        + "<OptionValue><key>a</key><value xsi:type=\"xsd:string\">1</value></OptionValue>"
                        + "<OptionValue><key>vmfinalize.id</key><value xsi:type=\"xsd:string\">42</value></OptionValue>"
                        + "</val></propSet></objects></returnval>");

        assertThat(fake.login().setting(VM, "vmfinalize.id")).contains("42");
        assertThat(fake.login().setting(VM, "b")).isEmpty();
    }
}
