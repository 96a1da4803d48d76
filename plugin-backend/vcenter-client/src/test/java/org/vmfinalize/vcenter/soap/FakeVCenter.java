package org.vmfinalize.vcenter.soap;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.xml.stream.XMLStreamException;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.soap.vim.Collector;
import org.vmfinalize.vcenter.soap.vim.Tasks.TaskInfo;

/// A server that answers what a test tells it, and knows what it was asked.
final class FakeVCenter implements AutoCloseable {

    static final Limits LIMITS = new Limits(Duration.ofSeconds(2), Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5), Duration.ofMillis(1), 256 << 10);

    /// As a vCenter writes it: the double quotes belong to the value.
    static final String COOKIE = "vmware_soap_session=\"abc+/=\"";

    /// Who answers for what, as a vCenter says it.
    static final String SERVICES = "<returnval><rootFolder type=\"Folder\">group-d1</rootFolder>"
            + "<propertyCollector type=\"PropertyCollector\">pc</propertyCollector>"
            + "<viewManager type=\"ViewManager\">ViewManager</viewManager>"
            + "<about><name>vCenter</name><apiVersion>8.0.3.0</apiVersion><instanceUuid>guid-1</instanceUuid></about>"
            + "<sessionManager type=\"SessionManager\">SessionManager</sessionManager>"
            + "<authorizationManager type=\"AuthorizationManager\">AuthorizationManager</authorizationManager>"
            + "<taskManager type=\"TaskManager\">TaskManager</taskManager>"
            + "<extensionManager type=\"ExtensionManager\">ExtensionManager</extensionManager></returnval>";

    final WireMockServer server = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
    final SoapConnector connector;

    FakeVCenter() {
        server.start();
        connector = new SoapConnector(address(), LIMITS);
        server.stubFor(get("/sdk/vimServiceVersions.xml").willReturn(xml(200,
                "<namespaces version=\"1.0\"><namespace><name>urn:vim25</name><version>8.0.3.0</version><priorVersions>"
                        + "<version>8.0.2.0</version><version>8.0.1.0</version></priorVersions></namespace></namespaces>")));
        answer("RetrieveServiceContent", SERVICES);
        call("Login", xml(200, envelope("Login", session("key-1")))
                .withHeader("Set-Cookie", "other=1; Path=/")
                .withHeader("Set-Cookie", COOKIE + "; Path=/; HttpOnly; Secure; "));
    }

    VCenterAddress address() {
        return VCenterAddress.of(URI.create("http://127.0.0.1:" + server.port()));
    }

    VCenter login() {
        return connector.login("alice", "top-secret");
    }

    static String session(String key) {
        return "<returnval><key>" + key
                + "</key><userName>VSPHERE.LOCAL\\alice</userName><fullName>Alice</fullName>"
                + "<loginTime>2026-11-23T07:01:03.897828329Z</loginTime><locale>en</locale></returnval>";
    }

    /// Answers a method with what is inside of its response.
    void answer(String method, String content) {
        call(method, xml(200, envelope(method, content)));
    }

    void call(String method, ResponseDefinitionBuilder response) {
        server.stubFor(post("/sdk").withRequestBody(containing("<" + method + " ")).willReturn(response));
    }

    /// Answers a method's first call in one way, and all that follow in another.
    void callTwice(String method, ResponseDefinitionBuilder first, ResponseDefinitionBuilder then) {
        server.stubFor(post("/sdk").withRequestBody(containing("<" + method + " ")).inScenario(method)
                .whenScenarioStateIs(Scenario.STARTED).willSetStateTo("again").willReturn(first));
        server.stubFor(post("/sdk").withRequestBody(containing("<" + method + " ")).inScenario(method)
                .whenScenarioStateIs("again").willReturn(then));
    }

    List<LoggedRequest> requests(String method) {
        return server.findAll(
                postRequestedFor(urlEqualTo("/sdk")).withRequestBody(containing("<" + method + " ")));
    }

    static ResponseDefinitionBuilder fault(String type, String content) {
        return xml(500, "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
                + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body><soapenv:Fault>"
                + "<faultcode>ServerFaultCode</faultcode><faultstring>Sorry.</faultstring><detail><" + type
                + "Fault xmlns=\"urn:vim25\" xsi:type=\"" + type + "\">" + content + "</" + type
                + "Fault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>");
    }

    static String envelope(String method, String content) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
                + " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
                + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body><" + method
                + "Response xmlns=\"urn:vim25\">" + content + "</" + method
                + "Response></soapenv:Body></soapenv:Envelope>";
    }

    static ResponseDefinitionBuilder xml(int status, String body) {
        return aResponse().withStatus(status).withHeader("Content-Type", "text/xml; charset=utf-8")
                .withBody(body);
    }

    /// What the client makes of the information of a task in the answer to `RetrievePropertiesEx`.
    static TaskStatus statusIn(String envelope) throws XMLStreamException {
        var call = Call.of("RetrievePropertiesEx", new MoRef("PropertyCollector", "pc"));
        var read = Answer.read(envelope.getBytes(UTF_8), call, Collector.RetrieveResult.class).getFirst();
        var info = (TaskInfo) Objects.requireNonNull(read.objects.getFirst().propSet.getFirst().val);
        return TaskWait.status(new MoRef("Task", "task-7"), info);
    }

    @Override
    public void close() {
        connector.close();
        server.stop();
    }
}
