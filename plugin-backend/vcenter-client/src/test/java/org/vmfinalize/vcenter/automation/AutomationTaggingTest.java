package org.vmfinalize.vcenter.automation;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Tag;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.soap.Limits;

/// The requests are those of the Automation API's reference; the answers are also such as nobody should give.
class AutomationTaggingTest {

    private static final String ATTACHED = "/api/cis/tagging/tag-association?action=list-attached-tags-on-objects";
    private static final MoRef WEB = MoRef.virtualMachine("vm-51");
    private static final MoRef DB = MoRef.virtualMachine("vm-52");

    private final WireMockServer server = new WireMockServer(
            options().dynamicPort().bindAddress("127.0.0.1"));
    private AutomationTagging tagging;

    @BeforeEach
    void start() {
        server.start();
        tagging = new AutomationTagging(VCenterAddress.of(URI.create("http://127.0.0.1:" + server.port())),
                new Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(1),
                        Duration.ofSeconds(5), Duration.ofSeconds(1), 4096),
                "svc@vsphere.local", "pass:word");
        server.stubFor(post("/api/session").withBasicAuth("svc@vsphere.local", "pass:word")
                .willReturn(jsonResponse("\"token-1\"", 201)));
        attached(jsonResponse(
                """
                        [{"object_id": {"type": "VirtualMachine", "id": "vm-51"}, "tag_ids": ["urn:tag:b", "urn:tag:a"]},
                         {"object_id": {"type": "VirtualMachine", "id": "vm-52"}, "tag_ids": ["urn:tag:a", "urn:tag:gone"]}]
                        """,
                200));
        server.stubFor(get("/api/cis/tagging/tag/urn%3Atag%3Aa").willReturn(jsonResponse(
                "{\"id\": \"urn:tag:a\", \"category_id\": \"urn:cat:1\", \"name\": \"1\"}", 200)));
        server.stubFor(get("/api/cis/tagging/tag/urn%3Atag%3Ab").willReturn(jsonResponse(
                "{\"id\": \"urn:tag:b\", \"category_id\": \"urn:cat:2\", \"name\": \"Berlin\"}", 200)));
        server.stubFor(get("/api/cis/tagging/category/urn%3Acat%3A1")
                .willReturn(jsonResponse("{\"name\": \"Priority\"}", 200)));
        server.stubFor(get("/api/cis/tagging/category/urn%3Acat%3A2")
                .willReturn(jsonResponse("{\"name\": \"City\"}", 200)));
    }

    @AfterEach
    void stop() {
        tagging.close();
        server.stop();
    }

    private void attached(ResponseDefinitionBuilder answer) {
        server.stubFor(post(urlEqualTo(ATTACHED)).willReturn(answer));
    }

    @Test
    void manyObjectsAreAskedForInOneCallAndNamesOnce() {
        var found = tagging.tags(List.of(WEB, DB));
        var again = tagging.tags(List.of(WEB, DB));

        assertThat(found).isEqualTo(again).isEqualTo(Map.of(WEB,
                List.of(new Tag("City", "Berlin"), new Tag("Priority", "1")), DB,
                List.of(new Tag("Priority", "1"))));
        server.verify(1, postRequestedFor(urlEqualTo("/api/session")));
        server.verify(2, postRequestedFor(urlEqualTo(ATTACHED))
                .withHeader("vmware-api-session-id", equalTo("token-1")).withRequestBody(equalToJson("""
                        {"object_ids": [{"type": "VirtualMachine", "id": "vm-51"},
                                        {"type": "VirtualMachine", "id": "vm-52"}]}""")));
        server.verify(1, getRequestedFor(urlEqualTo("/api/cis/tagging/tag/urn%3Atag%3Aa")));
        server.verify(1, getRequestedFor(urlEqualTo("/api/cis/tagging/category/urn%3Acat%3A1")));
    }

    @Test
    void nothingIsAskedForNothing() {
        assertThat(tagging.tags(List.of())).isEmpty();
        server.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void aSessionThatVCenterForgotIsOpenedAgainOnce() {
        server.stubFor(post(urlEqualTo(ATTACHED)).inScenario("forgotten").whenScenarioStateIs("Started")
                .willReturn(aResponse().withStatus(401)).willSetStateTo("known"));
        server.stubFor(post(urlEqualTo(ATTACHED)).inScenario("forgotten").whenScenarioStateIs("known")
                .willReturn(jsonResponse("[]", 200)));

        assertThat(tagging.tags(List.of(WEB))).isEmpty();

        server.verify(2, postRequestedFor(urlEqualTo("/api/session")));
    }

    @Test
    void theSessionIsEndedAtTheEnd() {
        tagging.tags(List.of(WEB));
        tagging.close();

        server.verify(1, deleteRequestedFor(urlEqualTo("/api/session"))
                .withHeader("vmware-api-session-id", equalTo("token-1")));
    }

    @Test
    void refusalsAreFaults() {
        attached(aResponse().withStatus(403));
        assertThatThrownBy(() -> tagging.tags(List.of(WEB))).isInstanceOfSatisfying(VCenterFault.class,
                fault -> assertThat(fault.type()).isEqualTo(VCenterFault.NO_PERMISSION));

        attached(aResponse().withStatus(401));
        assertThatThrownBy(() -> tagging.tags(List.of(WEB))).isInstanceOfSatisfying(VCenterFault.class,
                fault -> assertThat(fault.type()).isEqualTo(VCenterFault.NOT_AUTHENTICATED));
    }

    @Test
    void aWrongPasswordIsToldWithoutIt() {
        server.stubFor(post("/api/session").willReturn(aResponse().withStatus(401)));

        assertThatThrownBy(() -> tagging.tags(List.of(WEB))).isInstanceOfSatisfying(VCenterFault.class,
                fault -> {
                    assertThat(fault.type()).isEqualTo(VCenterFault.INVALID_LOGIN);
                    assertThat(fault.getMessage()).doesNotContain("pass:word");
                });
    }

    @Test
    void whatNoVCenterAnswersIsNoVCenter() {
        for (var odd : List.of(jsonResponse("{\"value\": []}", 200), jsonResponse("<html>", 200),
                aResponse().withStatus(302).withHeader("Location", "http://127.0.0.1:1/"),
                aResponse().withStatus(503), aResponse().withStatus(404),
                jsonResponse("[" + " ".repeat(8192) + "]", 200),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER))) {
            attached(odd);
            assertThatThrownBy(() -> tagging.tags(List.of(WEB)))
                    .isInstanceOf(VCenterUnavailableException.class)
                    .hasMessageStartingWith("vCenter 127.0.0.1:");
        }
    }

    @Test
    void aSessionThatIsNoneIsNotUsed() {
        for (var odd : List.of("{}", "\"\"", "\"two\\r\\nlines\"", "7")) {
            server.stubFor(post("/api/session").willReturn(jsonResponse(odd, 201)));
            assertThatThrownBy(() -> tagging.tags(List.of(WEB)))
                    .isInstanceOf(VCenterUnavailableException.class)
                    .hasMessageContaining("without a session");
        }
        server.stubFor(any(urlEqualTo("/api/session")).willReturn(aResponse().withStatus(404)));
        assertThatThrownBy(() -> tagging.tags(List.of(WEB))).hasMessageContaining("status 404");
    }
}
