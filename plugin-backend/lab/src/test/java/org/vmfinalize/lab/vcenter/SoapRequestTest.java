package org.vmfinalize.lab.vcenter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// The lab is strict where the simulators are lenient.
class SoapRequestTest {

    @Test
    void aRequestIsReadWhateverItsPrefixes() {
        var request = SoapRequest
                .read("""
                        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:v="urn:vim25"><s:Header/><s:Body>
                        <v:Rename_Task><v:_this type="VirtualMachine">vm-51</v:_this><v:newName>a</v:newName></v:Rename_Task>
                        </s:Body></s:Envelope>"""
                        .getBytes(UTF_8));

        assertThat(request.method()).isEqualTo("Rename_Task");
        assertThat(request.self()).isEqualTo(new Ref("VirtualMachine", "vm-51"));
        assertThat(request.text("newName")).isEqualTo("a");
    }

    @Test
    void elementsMustBeInTheOrderOfTheWsdl() {
        assertRefused(
                call("UpdateProgress", "<percentDone>1</percentDone><_this type=\"Task\">task-1</_this>"),
                "<_this> is not known in <UpdateProgress>, or not at this place");
        assertRefused(call("ReconfigVM_Task", "<_this type=\"VirtualMachine\">vm-1</_this><spec>"
                + "<managedBy><extensionKey>a</extensionKey><type>b</type></managedBy><name>c</name></spec>"),
                "<name> is not known in <spec>");
    }

    @Test
    void elementsThatTheVersionDoesNotHaveAreRefused() {
        assertRefused(
                call("CancelTask", "<_this type=\"Task\">task-1</_this><noSuchElement>1</noSuchElement>"),
                "<noSuchElement> is not known");
    }

    @Test
    void elementsMustBeInTheNamespaceOfTheApi() {
        assertRefused(call("CancelTask", "<_this xmlns=\"urn:other\" type=\"Task\">task-1</_this>"),
                "urn:vim25");
    }

    @Test
    void documentTypesAreRefused() {
        assertRefused("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>"
                + call("CancelTask", "<_this type=\"Task\">&b;</_this>"), "the request is no XML");
    }

    private static void assertRefused(String request, String why) {
        assertThatThrownBy(() -> SoapRequest.read(request.getBytes(UTF_8))).isInstanceOf(LabFault.class)
                .hasMessageContaining(why);
    }

    private static String call(String method, String content) {
        return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><" + method
                + " xmlns=\"urn:vim25\">" + content + "</" + method + "></s:Body></s:Envelope>";
    }
}
