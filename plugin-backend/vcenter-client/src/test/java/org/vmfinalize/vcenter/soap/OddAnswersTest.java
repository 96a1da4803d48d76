package org.vmfinalize.vcenter.soap;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.VirtualDisk;

/// Answers that no vCenter, a newer vCenter, or an attacker would give.
class OddAnswersTest {

    private static final MoRef VM = MoRef.virtualMachine("vm-51");

    private final FakeVCenter fake = new FakeVCenter();

    @AfterEach
    void stop() {
        fake.close();
    }

    static Stream<Arguments> noAnswers() {
        String page = "<html><body>Starting&hellip; top-secret</body></html>";
        String whole = FakeVCenter.envelope("CurrentTime", "<returnval>2026-11-23T07:01:03Z</returnval>");
        String bomb = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
        return Stream.of(
                Arguments.of("503 with HTML", html(503, page), "503 and text/html"),
                Arguments.of("200 with HTML", html(200, page), "200 and text/html"),
                Arguments.of("500 with HTML", html(500, page), "500 and text/html"),
                Arguments.of("401", html(401, page), "401"),
                Arguments.of("a redirect", aResponse().withStatus(302).withHeader("Location", "/other"),
                        "302"),
                Arguments.of("HTML that says it is XML", FakeVCenter.xml(200, page), "no SOAP envelope"),
                Arguments.of("nothing", FakeVCenter.xml(200, ""), "no SOAP envelope"),
                Arguments.of("half a body", FakeVCenter.xml(200, whole.substring(0, whole.length() - 30)),
                        "no SOAP envelope"),
                Arguments.of("an answer to something else",
                        FakeVCenter.xml(200, FakeVCenter.envelope("Logout", "")),
                        "no SOAP envelope"),
                Arguments.of("garbage", aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK), "failed"),
                Arguments.of("entities", FakeVCenter.xml(200, bomb + whole.replaceFirst("<\\?.*\\?>", "")
                        .replace("2026", "&b;")), "no SOAP envelope"),
                Arguments.of("an external entity", FakeVCenter.xml(200,
                        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>"
                                + whole.replaceFirst("<\\?.*\\?>", "").replace("2026", "&b;")),
                        "no SOAP envelope"),
                Arguments.of("a billion laughs", FakeVCenter.xml(200,
                        "<!DOCTYPE a [<!ENTITY l0 \"ha\">" + laughs(9) + "]>"
                                + whole.replaceFirst("<\\?.*\\?>", "").replace("2026", "&l9;")),
                        "no SOAP envelope"),
                Arguments.of("a thousand levels", FakeVCenter.xml(200,
                        whole.replace("2026", "<a>".repeat(1000) + "</a>".repeat(1000))), "no SOAP envelope"),
                Arguments.of("more than the limit", FakeVCenter.xml(200,
                        whole.replace("2026", "x".repeat(FakeVCenter.LIMITS.maxAnswerBytes()))), "failed"),
                Arguments.of("silence", FakeVCenter.xml(200, whole).withFixedDelay(4_000),
                        "not answered within 2 s"),
                Arguments.of("a trickle", FakeVCenter.xml(200, whole).withChunkedDribbleDelay(50, 5_000),
                        "not answered within 2 s"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noAnswers")
    void isSaidInOneLineWithoutShowingWhatCame(String name, ResponseDefinitionBuilder answer, String reason) {
        fake.call("CurrentTime", answer);
        var vcenter = fake.login();

        assertThatThrownBy(vcenter::keepAlive).isInstanceOf(VCenterUnavailableException.class)
                .hasMessageStartingWith("vCenter 127.0.0.1:")
                .hasMessageContaining("CurrentTime ServiceInstance")
                .hasMessageContaining(reason)
                .message().doesNotContain("\n", "Starting", "top-secret", "root:");
    }

    /// Each of ten times the one before.
    private static String laughs(int depth) {
        var entities = new StringBuilder();
        for (int i = 1; i <= depth; i++) {
            entities.append("<!ENTITY l").append(i).append(" \"").append(("&l" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        return entities.toString();
    }

    /// Who answers may not send us anywhere: neither with what we say, nor to look for more.
    @Test
    void noOtherAddressIsAskedWhateverAnAnswerRefersTo() {
        var other = "http://127.0.0.1:" + fake.server.port() + "/other";
        var whole = FakeVCenter.envelope("CurrentTime", "<returnval>&b;</returnval>")
                .replaceFirst("<\\?.*\\?>", "");
        var vcenter = fake.login();
        for (var answer : List.of(redirect(301, other), redirect(302, other), redirect(307, other),
                redirect(308, other),
                FakeVCenter.xml(200, "<!DOCTYPE a SYSTEM \"" + other + "\">" + whole),
                FakeVCenter.xml(200, "<!DOCTYPE a [<!ENTITY b SYSTEM \"" + other + "\">]>" + whole),
                FakeVCenter.xml(200,
                        "<!DOCTYPE a [<!ENTITY % p SYSTEM \"" + other + "\"> %p;]>" + whole))) {
            fake.call("CurrentTime", answer);
            assertThatThrownBy(vcenter::keepAlive).isInstanceOf(VCenterUnavailableException.class);
        }

        assertThat(fake.server.findAll(anyRequestedFor(urlEqualTo("/other")))).isEmpty();
    }

    private static ResponseDefinitionBuilder redirect(int status, String where) {
        return aResponse().withStatus(status).withHeader("Location", where)
                .withHeader("Content-Type", "text/xml");
    }

    static Stream<Arguments> noListsOfVersions() {
        return Stream.of(Arguments.of("503", html(503, "<html>Starting</html>"), "503"),
                Arguments.of("HTML", html(200, "<html><br>Hello</html>"), "is no XML"),
                Arguments.of("half a body", FakeVCenter.xml(200, "<namespaces><namespace><name>urn:vi"),
                        "is no XML"),
                Arguments.of("a redirect", redirect(302, "/other"), "302"),
                Arguments.of("entities", FakeVCenter.xml(200,
                        "<!DOCTYPE a [<!ENTITY b \"8.0.2.0\">]><namespaces><namespace><name>urn:vim25</name>"
                                + "<version>&b;</version></namespace></namespaces>"),
                        "API"),
                Arguments.of("silence", FakeVCenter.xml(200, "<namespaces/>").withFixedDelay(4_000),
                        "not answered within 2 s"),
                Arguments.of("nothing that we know", FakeVCenter.xml(200, "<namespaces/>"), "no API"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noListsOfVersions")
    void isNoListOfVersionsAndNothingMoreIsAsked(String name, ResponseDefinitionBuilder answer,
            String reason) {
        fake.server.stubFor(WireMock.get("/sdk/vimServiceVersions.xml").willReturn(answer));

        assertThatThrownBy(fake::login).isInstanceOf(VCenterUnavailableException.class)
                .hasMessageContaining(reason).message().doesNotContain("\n", "Starting");
        assertThat(fake.requests("Login")).isEmpty();
    }

    @Test
    void aBodyThatEndsBeforeItsLengthIsNoAnswer() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var connector = new SoapConnector(
                        VCenterAddress.of(URI.create("http://127.0.0.1:" + socket.getLocalPort())),
                        FakeVCenter.LIMITS)) {
            Thread.startVirtualThread(() -> answerInPart(socket));

            assertThatThrownBy(connector::about).asInstanceOf(type(VCenterUnavailableException.class))
                    .matches(VCenterUnavailableException::mayHaveTakenEffect)
                    .satisfies(e -> assertThat(e)
                            .hasMessageContaining("GET /sdk/vimServiceVersions.xml failed"));
        }
    }

    private static void answerInPart(ServerSocket socket) {
        try (var client = socket.accept()) {
            assertThat(client.getInputStream().read(new byte[4096])).isPositive();
            client.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 500\r\n\r\n<names"
                            .getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a401InTheMiddleOfAListIsNoShorterList() {
        fake.answer("CreateContainerView", "<returnval type=\"ContainerView\">view-1</returnval>");
        fake.answer("DestroyView", "");
        fake.answer("RetrievePropertiesEx",
                "<returnval><token>more</token>" + named("vm-51") + "</returnval>");
        fake.callTwice("ContinueRetrievePropertiesEx", html(401, "<html>Log in</html>"), FakeVCenter.xml(200,
                FakeVCenter.envelope("ContinueRetrievePropertiesEx",
                        "<returnval>" + named("vm-52") + "</returnval>")));
        var vcenter = fake.login();

        assertThat(vcenter.virtualMachines()).extracting(vm -> vm.ref().value())
                .containsExactly("vm-51", "vm-52");
        assertThat(fake.requests("Login")).hasSize(2);
        assertThat(fake.requests("DestroyView")).as("what was begun is let go").hasSize(2);
    }

    private static String named(String id) {
        return "<objects><obj type=\"VirtualMachine\">" + id + "</obj><propSet><name>name</name>"
                + "<val xsi:type=\"xsd:string\">a</val></propSet></objects>";
    }

    static Stream<Arguments> answersOfWhichNobodyKnowsWhatBecame() {
        return Stream.of(Arguments.of("a time-out after the call took effect", FakeVCenter
                .xml(200, FakeVCenter.envelope("UnregisterVM", "")).withFixedDelay(4_000)),
                Arguments.of("503", html(503, "<html>Starting</html>")),
                Arguments.of("half a body", FakeVCenter.xml(200, "<?xml version=\"1.0\"?><a><b>")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersOfWhichNobodyKnowsWhatBecame")
    void isNoReasonToSendAChangeAgain(String name, ResponseDefinitionBuilder answer) {
        fake.call("UnregisterVM", answer);
        var vcenter = fake.login();

        assertThatThrownBy(() -> vcenter.unregister(VM)).asInstanceOf(type(VCenterUnavailableException.class))
                .matches(VCenterUnavailableException::mayHaveTakenEffect);

        assertThat(fake.requests("UnregisterVM")).hasSize(1);
    }

    @Test
    void anAnswerOfTwentyMegabytesIsReadWhole() {
        int count = 60_000;
        var objects = new StringBuilder("<returnval>");
        for (int i = 0; i < count; i++) {
            objects.append("<objects><obj type=\"VirtualMachine\">vm-").append(i)
                    .append("</obj><propSet><name>name</name><val xsi:type=\"xsd:string\">machine-").append(i)
                    .append("</val></propSet><propSet><name>runtime.powerState</name>")
                    .append("<val xsi:type=\"VirtualMachinePowerState\">poweredOn</val></propSet>")
                    .append("<propSet><name>summary.config.vmPathName</name><val xsi:type=\"xsd:string\">[datastore] machine-")
                    .append(i).append("/machine.vmx</val></propSet></objects>");
        }
        objects.append("</returnval>");
        assertThat(objects.length()).isGreaterThan(20_000_000);
        fake.answer("CreateContainerView", "<returnval type=\"ContainerView\">view-1</returnval>");
        fake.answer("RetrievePropertiesEx", objects.toString());
        fake.answer("DestroyView", "");
        try (var connector = new SoapConnector(fake.address())) {
            var machines = connector.login("alice", "top-secret").virtualMachines();

            assertThat(machines).hasSize(count);
            assertThat(machines.getLast().vmPathName()).isEqualTo("[datastore] machine-59999/machine.vmx");
        }
    }

    @Test
    void aServerThatIsNotThereTookNothing() {
        var address = fake.address();
        fake.server.stop();
        try (var connector = new SoapConnector(address, FakeVCenter.LIMITS)) {
            assertThatThrownBy(connector::about).asInstanceOf(type(VCenterUnavailableException.class))
                    .matches(e -> !e.mayHaveTakenEffect());
        }
    }

    @Test
    void anUnknownFaultKeepsItsName() {
        fake.call("UnregisterVM",
                FakeVCenter.fault("FutureFault", "<name>n</name><unheard><of>x</of></unheard>"));
        var vcenter = fake.login();

        assertThatThrownBy(() -> vcenter.unregister(VM)).asInstanceOf(type(VCenterFault.class))
                .satisfies(fault -> assertThat(fault.type()).isEqualTo("FutureFault"))
                .satisfies(fault -> assertThat(fault.detail()).isEqualTo("n"))
                .satisfies(fault -> assertThat(fault).hasMessage(
                        "vCenter refused UnregisterVM vm-51: FutureFault (n): Sorry."));
    }

    @Test
    void aFaultWithoutDetailHasItsCode() {
        fake.call("UnregisterVM", FakeVCenter.xml(500,
                "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>"
                        + "<faultcode>VersionMismatchFaultCode</faultcode><faultstring>Unsupported version</faultstring>"
                        + "</s:Fault></s:Body></s:Envelope>"));
        var vcenter = fake.login();

        assertThatThrownBy(() -> vcenter.unregister(VM)).asInstanceOf(type(VCenterFault.class))
                .extracting(VCenterFault::type).isEqualTo("VersionMismatchFaultCode");
    }

    @Test
    void typesAndElementsThatNobodyKnowsAreSkippedAndTypePrefixesAreResolved() {
        fake.answer("RetrievePropertiesEx",
                "<returnval><new>1</new><objects><obj type=\"VirtualMachine\">vm-51</obj>"
                        + "<propSet><name>config.hardware.device</name>"
                        + "<val xmlns:_x=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:v=\"urn:vim25\""
                        + " _x:type=\"v:ArrayOfVirtualDevice\">"
                        + "<VirtualDevice _x:type=\"VirtualFuture\"><key>1</key><future><a>b</a></future></VirtualDevice>"
                        + "<VirtualDevice _x:type=\"v:VirtualDisk\"><key>2000</key>"
                        + "<deviceInfo _x:type=\"FutureDescription\"><label>Hard disk 1</label></deviceInfo>"
                        + "<backing _x:type=\"VirtualDiskFutureBackingInfo\"><fileName>x</fileName></backing>"
                        + "<capacityInKB>1024</capacityInKB></VirtualDevice></val></propSet></objects></returnval>");

        assertThat(fake.login().disks(VM))
                .containsExactly(new VirtualDisk(2000, "Hard disk 1", "", 1 << 20, ""));
    }

    @Test
    void aPropertyWithoutAValueIsUnset() {
        fake.answer("RetrievePropertiesEx", "<returnval><objects><obj type=\"VirtualMachine\">vm-51</obj>"
                + "<propSet><name>name</name><val xsi:type=\"xsd:string\">a%2fb%25</val></propSet>"
                + "<propSet><name>summary.config.managedBy</name></propSet></objects></returnval>");

        var vm = fake.login().virtualMachine(VM);

        assertThat(vm.name()).isEqualTo("a/b%");
        assertThat(vm.managedBy()).isEqualTo(Optional.empty());
        assertThat(vm.vmPathName()).isEmpty();
    }

    @Test
    void anExtensionWithWhatWeWouldLoseIsNotOverwritten() {
        fake.answer("FindExtension",
                "<returnval><description><label>x</label><summary>x</summary></description>"
                        + "<key>org.vmfinalize</key><version>1</version><ovfConsumerInfo><a>1</a></ovfConsumerInfo></returnval>");
        var vcenter = fake.login();
        var found = vcenter.findExtension("org.vmfinalize").orElseThrow();

        assertThatThrownBy(() -> vcenter.updateExtension(found)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ovfConsumerInfo");
        assertThat(fake.requests("UpdateExtension")).isEmpty();
    }

    @Test
    void anOldVCenterIsNamed() {
        fake.server.stubFor(WireMock.get("/sdk/vimServiceVersions.xml").willReturn(FakeVCenter.xml(200,
                "<namespaces><namespace><name>urn:vim25</name><version>6.7.3</version></namespace></namespaces>")));

        assertThatThrownBy(fake.connector::about).isInstanceOf(VCenterUnavailableException.class)
                .hasMessageContaining("must be vCenter 7.0 U3 or later but offers API 6.7.3");
    }

    @Test
    void passwordsAreNotSentInTheClearNorTakenFromTheAddress() {
        assertThatThrownBy(() -> VCenterAddress.of(URI.create("http://vc.example.org/sdk")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("use https");
        assertThatThrownBy(() -> VCenterAddress.of(URI.create("https://a:top-secret@vc.example.org/sdk")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageNotContaining("top-secret");
    }

    private static ResponseDefinitionBuilder html(int status, String page) {
        return aResponse().withStatus(status).withHeader("Content-Type", "text/html").withBody(page);
    }
}
