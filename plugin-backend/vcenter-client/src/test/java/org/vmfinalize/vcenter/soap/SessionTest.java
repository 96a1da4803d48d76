package org.vmfinalize.vcenter.soap;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;

/// What goes over the wire around a call: headers, the cookie, and what is sent again.
class SessionTest {

    private static final MoRef VM = MoRef.virtualMachine("vm-51");
    private static final String NOT_AUTHENTICATED = "<object type=\"Folder\">group-d1</object>"
            + "<privilegeId>System.View</privilegeId>";

    private final FakeVCenter fake = new FakeVCenter();

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void everyCallNamesTheNegotiatedVersionAndTheCookieAsItCame() {
        fake.answer("CurrentTime", "<returnval>2026-11-23T07:01:03Z</returnval>");

        fake.login().keepAlive();

        assertThat(fake.requests("Login")).singleElement().satisfies(request -> {
            assertThat(request.header("SOAPAction").firstValue()).isEqualTo("\"urn:vim25/8.0.2.0\"");
            assertThat(request.header("Content-Type").firstValue())
                    .isEqualToIgnoringCase("text/xml; charset=utf-8");
            assertThat(request.containsHeader("Cookie")).isFalse();
            assertThat(request.getBodyAsString()).contains("<Login xmlns=\"urn:vim25\">"
                    + "<_this type=\"SessionManager\">SessionManager</_this><userName>alice</userName>"
                    + "<password>top-secret</password></Login>");
        });
        assertThat(fake.requests("CurrentTime")).singleElement().satisfies(request -> {
            assertThat(request.header("Cookie").values()).containsExactly(FakeVCenter.COOKIE);
            assertThat(request.header("User-Agent").firstValue()).isEqualTo("vm-finalize");
            assertThat(request.containsHeader("Accept-Encoding")).isFalse();
        });
    }

    @Test
    void aPluginTokenIsExchangedForATicketAndTheTicketForASessionWithoutACookie() {
        fake.server.stubFor(post("/api/ui/vcenter/session/clone-ticket")
                .withHeader("vmware-api-session-id", equalTo("token-1"))
                .withRequestBody(equalToJson("{\"vc_guid\":\"guid-1\"}"))
                .willReturn(okJson("{\"session_clone_ticket\": \"cst-1/+=\"}")));
        fake.call("CloneSession",
                FakeVCenter.xml(200, FakeVCenter.envelope("CloneSession", FakeVCenter.session("key-2")))
                        .withHeader("Set-Cookie", "vmware_soap_session=\"two\"; HttpOnly"));

        var vcenter = fake.connector.fromPluginSession("token-1");

        assertThat(vcenter.user().userName()).isEqualTo("VSPHERE.LOCAL\\alice");
        assertThat(fake.requests("CloneSession")).singleElement().satisfies(request -> {
            assertThat(request.containsHeader("Cookie")).isFalse();
            assertThat(request.getBodyAsString()).contains("<cloneTicket>cst-1/+=</cloneTicket>");
        });
    }

    @Test
    void aRefusedTokenIsNotShown() {
        fake.server.stubFor(
                post("/api/ui/vcenter/session/clone-ticket").willReturn(aResponse().withStatus(401)));

        assertThatThrownBy(() -> fake.connector.fromPluginSession("token-1"))
                .asInstanceOf(type(VCenterFault.class))
                .matches(fault -> fault.is(VCenterFault.INVALID_LOGIN))
                .satisfies(fault -> assertThat(fault).message().doesNotContain("token-1"));
    }

    static Stream<Arguments> noTickets() {
        return Stream.of(Arguments.of("no ticket", okJson("{}")),
                Arguments.of("a ticket that ends the header",
                        okJson("{\"session_clone_ticket\": \"a\\r\\nX: y\"}")),
                Arguments.of("HTML", aResponse().withStatus(200).withBody("<html>Log in</html>")),
                Arguments.of("503", aResponse().withStatus(503)),
                Arguments.of("a redirect", aResponse().withStatus(302).withHeader("Location", "/other")),
                Arguments.of("half a body", okJson("{\"session_clone_ticket\": \"cst-1")),
                Arguments.of("a long one",
                        okJson("{\"session_clone_ticket\": \"" + "x".repeat(5000) + "\"}")),
                Arguments.of("silence", okJson("{}").withFixedDelay(4_000)),
                Arguments.of("a broken connection", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noTickets")
    void isNoTicketAndOpensNoSession(String name, ResponseDefinitionBuilder answer) {
        fake.server.stubFor(post("/api/ui/vcenter/session/clone-ticket").willReturn(answer));

        assertThatThrownBy(() -> fake.connector.fromPluginSession("token-1"))
                .isInstanceOf(VCenterUnavailableException.class).message()
                .startsWith("vCenter 127.0.0.1:").doesNotContain("token-1", "Log in", "\n");
        assertThat(fake.requests("CloneSession")).isEmpty();
    }

    @Test
    void aTicketThatVCenterDoesNotTakeIsToldWithoutIt() {
        fake.server.stubFor(post("/api/ui/vcenter/session/clone-ticket")
                .willReturn(okJson("{\"session_clone_ticket\": \"cst-1\"}")));
        fake.call("CloneSession", FakeVCenter.fault("InvalidLogin", ""));

        assertThatThrownBy(() -> fake.connector.fromPluginSession("token-1"))
                .asInstanceOf(type(VCenterFault.class)).matches(fault -> fault.is(VCenterFault.INVALID_LOGIN))
                .satisfies(fault -> assertThat(fault).message().doesNotContain("cst-1", "token-1"));
    }

    @Test
    void aLostSessionIsRenewedOnceAndTheCallRepeatedWithTheNewCookie() {
        var vcenter = fake.login();
        fake.call("Login", FakeVCenter.xml(200, FakeVCenter.envelope("Login", FakeVCenter.session("key-2")))
                .withHeader("Set-Cookie", "vmware_soap_session=\"two\""));
        fake.callTwice("UnregisterVM", FakeVCenter.fault("NotAuthenticated", NOT_AUTHENTICATED),
                FakeVCenter.xml(200, FakeVCenter.envelope("UnregisterVM", "")));

        vcenter.unregister(VM);

        assertThat(fake.requests("UnregisterVM")).extracting(request -> request.header("Cookie").firstValue())
                .containsExactly(FakeVCenter.COOKIE, "vmware_soap_session=\"two\"");
    }

    @Test
    void aSessionThatStaysLostIsAFaultAfterOneAttempt() {
        fake.call("UnregisterVM", FakeVCenter.fault("NotAuthenticated", NOT_AUTHENTICATED));
        var vcenter = fake.login();

        assertThatThrownBy(() -> vcenter.unregister(VM)).asInstanceOf(type(VCenterFault.class))
                .matches(fault -> fault.is(VCenterFault.NOT_AUTHENTICATED));
        assertThat(fake.requests("UnregisterVM")).hasSize(2);
        assertThat(fake.requests("Login")).hasSize(2);
    }

    static Stream<Arguments> unauthorized() {
        return Stream.of(Arguments.of("HTML", unauthorizedWith("text/html", "<html>Log in</html>")),
                Arguments.of("nothing at all", aResponse().withStatus(401)),
                Arguments.of("a way to log in", unauthorizedWith("text/plain", "no")
                        .withHeader("WWW-Authenticate", "Basic realm=\"sdk\"")),
                Arguments.of("another cookie", aResponse().withStatus(401)
                        .withHeader("Set-Cookie", "vmware_soap_session=\"nobody's\"")),
                Arguments.of("a fault", FakeVCenter.fault("NotAuthenticated", NOT_AUTHENTICATED)
                        .withStatus(401)));
    }

    private static ResponseDefinitionBuilder unauthorizedWith(String type, String body) {
        return aResponse().withStatus(401).withHeader("Content-Type", type).withBody(body);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unauthorized")
    void aStatus401IsALostSessionTooAlsoForAChange(String name, ResponseDefinitionBuilder answer) {
        var vcenter = fake.login();
        fake.call("Login", FakeVCenter.xml(200, FakeVCenter.envelope("Login", FakeVCenter.session("key-2")))
                .withHeader("Set-Cookie", "vmware_soap_session=\"two\""));
        fake.callTwice("UnregisterVM", answer,
                FakeVCenter.xml(200, FakeVCenter.envelope("UnregisterVM", "")));

        vcenter.unregister(VM);

        assertThat(fake.requests("UnregisterVM")).extracting(request -> request.header("Cookie").firstValue())
                .containsExactly(FakeVCenter.COOKIE, "vmware_soap_session=\"two\"");
    }

    @Test
    void aCookieThatComesWithTheFaultIsNotTakenForALogin() {
        fake.callTwice("UnregisterVM", FakeVCenter.fault("NotAuthenticated", NOT_AUTHENTICATED)
                .withHeader("Set-Cookie", "vmware_soap_session=\"nobody's\""),
                FakeVCenter.xml(200, FakeVCenter.envelope("UnregisterVM", "")));

        fake.login().unregister(VM);

        assertThat(fake.requests("Login")).hasSize(2);
        assertThat(fake.requests("UnregisterVM").getLast().header("Cookie").firstValue())
                .isEqualTo(FakeVCenter.COOKIE);
    }

    @Test
    void a401RightAfterARenewalIsNotTakenForTheSessionsEnd() {
        fake.call("UnregisterVM", unauthorizedWith("text/html", "<html>Log in</html>"));
        var vcenter = fake.login();

        assertThatThrownBy(() -> vcenter.unregister(VM)).asInstanceOf(type(VCenterUnavailableException.class))
                .matches(e -> !e.mayHaveTakenEffect(), "nothing was done").extracting(Throwable::getMessage)
                .asString().startsWith("vCenter 127.0.0.1:")
                .contains("UnregisterVM vm-51", "HTTP status 401, although vm-finalize had logged in again")
                .doesNotContain("Log in");
        assertThat(fake.requests("UnregisterVM")).hasSize(2);
        assertThat(fake.requests("Login")).hasSize(2);
    }

    @Test
    void a401OfTheLoginItselfIsToldAsWhatItIsAndTheLoginIsNotRepeated() {
        fake.call("Login", unauthorizedWith("text/html", "<html>Log in</html>"));

        assertThatThrownBy(fake::login).asInstanceOf(type(VCenterUnavailableException.class))
                .matches(e -> !e.mayHaveTakenEffect(), "nothing was done").extracting(Throwable::getMessage)
                .asString().contains("Login SessionManager was answered with HTTP status 401",
                        "something in front of it wants a login of its own");
        assertThat(fake.requests("Login")).hasSize(1);
    }

    @Test
    void a401OfTheLoginThatWouldRenewASessionEndsTheCall() {
        var vcenter = fake.login();
        fake.call("Login", aResponse().withStatus(401));
        fake.call("UnregisterVM", aResponse().withStatus(401));

        assertThatThrownBy(() -> vcenter.unregister(VM)).isInstanceOf(VCenterUnavailableException.class)
                .hasMessageContaining("Login SessionManager");
        assertThat(fake.requests("UnregisterVM")).hasSize(1);
        assertThat(fake.requests("Login")).hasSize(2);
    }

    @Test
    void a401EndsTheSessionOfAUserThatCannotBeRenewed() {
        fake.server.stubFor(post("/api/ui/vcenter/session/clone-ticket")
                .willReturn(okJson("{\"session_clone_ticket\": \"cst-1\"}")));
        fake.call("CloneSession",
                FakeVCenter.xml(200, FakeVCenter.envelope("CloneSession", FakeVCenter.session("key-2")))
                        .withHeader("Set-Cookie", "vmware_soap_session=\"two\""));
        fake.call("CurrentTime", aResponse().withStatus(401));
        var vcenter = fake.connector.fromPluginSession("token-1");

        assertThatThrownBy(vcenter::keepAlive).asInstanceOf(type(VCenterFault.class))
                .matches(fault -> fault.is(VCenterFault.NOT_AUTHENTICATED));
        assertThat(fake.requests("CurrentTime")).hasSize(1);
        assertThat(fake.requests("Login")).isEmpty();
    }

    @Test
    void a401OfTheTicketsExchangeIsNotTheUsersFault() {
        fake.server.stubFor(post("/api/ui/vcenter/session/clone-ticket")
                .willReturn(okJson("{\"session_clone_ticket\": \"cst-1\"}")));
        fake.call("CloneSession", aResponse().withStatus(401));

        assertThatThrownBy(() -> fake.connector.fromPluginSession("token-1"))
                .isInstanceOf(VCenterUnavailableException.class)
                .hasMessageContaining("CloneSession SessionManager was answered with HTTP status 401");
    }

    @Test
    void aSessionThatARestartTookWithTheConnectionIsRenewedToo() {
        fake.server.stubFor(post("/sdk").withRequestBody(containing("<CurrentTime "))
                .inScenario("restart").whenScenarioStateIs(Scenario.STARTED).willSetStateTo("started again")
                .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        fake.server.stubFor(post("/sdk").withRequestBody(containing("<CurrentTime "))
                .inScenario("restart").whenScenarioStateIs("started again").willSetStateTo("logged in")
                .willReturn(aResponse().withStatus(401)));
        fake.server.stubFor(post("/sdk").withRequestBody(containing("<CurrentTime "))
                .inScenario("restart").whenScenarioStateIs("logged in").willReturn(FakeVCenter.xml(200,
                        FakeVCenter.envelope("CurrentTime", "<returnval>2026-11-23T07:01:03Z</returnval>"))));

        fake.login().keepAlive();

        assertThat(fake.requests("CurrentTime")).hasSize(3);
        assertThat(fake.requests("Login")).hasSize(2);
    }

    @Test
    void aReadIsRepeatedWhenTheConnectionBreaks() {
        fake.callTwice("CurrentTime", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                FakeVCenter.xml(200,
                        FakeVCenter.envelope("CurrentTime", "<returnval>2026-11-23T07:01:03Z</returnval>")));

        fake.login().keepAlive();

        assertThat(fake.requests("CurrentTime")).hasSize(2);
    }

    @Test
    void aChangeIsNeverSentTwiceWhenTheConnectionBreaksAndIsSaidToBeOpen() {
        fake.call("CreateTask", aResponse().withFault(Fault.EMPTY_RESPONSE));
        var vcenter = fake.login();

        assertThatThrownBy(() -> vcenter.createTask(VM, "org.vmfinalize.finalize", "alice", true))
                .asInstanceOf(type(VCenterUnavailableException.class))
                .matches(VCenterUnavailableException::mayHaveTakenEffect);
        assertThat(fake.requests("CreateTask")).hasSize(1);
    }

    @Test
    void closingLogsOutAndDoesNotMindIfVCenterIsAway() {
        fake.call("Logout",
                aResponse().withStatus(503).withHeader("Content-Type", "text/html").withBody("<html>"));

        fake.login().close();

        assertThat(fake.requests("Logout")).hasSize(1);
    }

    @Test
    void whatIsGrantedIsAskedWithTheSessionsKey() {
        fake.answer("HasPrivilegeOnEntities", "<returnval><entity type=\"VirtualMachine\">vm-51</entity>"
                + "<privAvailability><privId>a</privId><isGranted>true</isGranted></privAvailability>"
                + "<privAvailability><privId>b</privId><isGranted>false</isGranted></privAvailability></returnval>");

        assertThat(fake.login().missingPrivileges(VM, List.of("a", "b", "c"))).containsExactly("b", "c");
        assertThat(fake.requests("HasPrivilegeOnEntities").getFirst().getBodyAsString())
                .contains("<entity type=\"VirtualMachine\">vm-51</entity><sessionId>key-1</sessionId>"
                        + "<privId>a</privId><privId>b</privId><privId>c</privId>");
    }
}
