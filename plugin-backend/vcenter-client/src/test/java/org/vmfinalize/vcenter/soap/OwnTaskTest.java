package org.vmfinalize.vcenter.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.vcenter.ExtensionTask;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterFault;

/// How a task of ours ends.
class OwnTaskTest {

    private static final String CANCELLED = "<faultMessage><key>org.vmfinalize.finalize.cancelled.summary</key>"
            + "<message>The task was cancelled.</message></faultMessage></fault>"
            + "<localizedMessage>The task was cancelled.</localizedMessage></fault></SetTaskState>";

    private final FakeVCenter fake = new FakeVCenter();

    @AfterEach
    void stop() {
        fake.close();
    }

    private ExtensionTask task() {
        return fake.login().task(new MoRef("Task", "task-7"), "org.vmfinalize.finalize");
    }

    private String said(int time) {
        return fake.requests("SetTaskState").get(time).getBodyAsString()
                .replace(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type", " xsi:type");
    }

    private static String ended(String fault) {
        return "<_this type=\"Task\">task-7</_this><state>error</state><fault><fault xsi:type=\"" + fault
                + "\">" + CANCELLED;
    }

    @Test
    void aCancelledTaskEndsAsVCentersOwnDo() {
        fake.answer("SetTaskState", "");

        task().cancelled();

        assertThat(fake.requests("SetTaskState")).hasSize(1);
        assertThat(said(0)).contains(ended("RequestCanceled"));
    }

    /// The method wants a VimFault, which RequestCanceled is not.
    @ParameterizedTest
    @ValueSource(strings = {"InvalidArgument", "InvalidRequest", "InvalidType"})
    void aServerThatTakesNoSuchFaultIsToldByAPlainOne(String refusal) {
        fake.callTwice("SetTaskState", FakeVCenter.fault(refusal, ""),
                FakeVCenter.xml(200, FakeVCenter.envelope("SetTaskState", "")));

        task().cancelled();

        assertThat(fake.requests("SetTaskState")).hasSize(2);
        assertThat(said(0)).contains(ended("RequestCanceled"));
        assertThat(said(1)).contains(ended("VimFault"));
    }

    @Test
    void aTaskThatVCenterHasEndedItselfNeedsNoOtherEnd() {
        fake.call("SetTaskState", FakeVCenter.fault("InvalidState", ""));

        assertThatCode(task()::cancelled).doesNotThrowAnyException();
        assertThat(fake.requests("SetTaskState")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NoPermission", "ManagedObjectNotFound"})
    void anotherRefusalIsToldAndNotWorkedAround(String refusal) {
        fake.call("SetTaskState", FakeVCenter.fault(refusal, ""));

        assertThatThrownBy(task()::cancelled).asInstanceOf(type(VCenterFault.class)).returns(refusal,
                VCenterFault::type);
        assertThat(fake.requests("SetTaskState")).hasSize(1);
    }

    @Test
    void aFailedTaskEndsWithItsReasonUnderTheKeyOfItsType() {
        fake.answer("SetTaskState", "");

        task().fail("disk <1> is gone");

        assertThat(said(0)).contains(
                "<state>error</state><fault><fault xsi:type=\"VimFault\"><faultMessage>"
                        + "<key>org.vmfinalize.finalize.failed.summary</key><message>disk &lt;1&gt; is gone</message>"
                        + "</faultMessage></fault><localizedMessage>disk &lt;1&gt; is gone</localizedMessage></fault>");
    }
}
