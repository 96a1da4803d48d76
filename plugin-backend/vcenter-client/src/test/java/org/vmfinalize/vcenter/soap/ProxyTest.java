package org.vmfinalize.vcenter.soap;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.trust.HttpProxy;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.automation.AutomationTagging;

/// A vCenter that is reached through an HTTP proxy. The lab tries the same with tunnels, which is what `https` needs.
class ProxyTest {

    private final FakeVCenter fake = new FakeVCenter();
    private final WireMockServer proxy = new WireMockServer(
            options().dynamicPort().bindAddress("127.0.0.1").enableBrowserProxying(true));

    @BeforeEach
    void start() {
        proxy.start();
    }

    @AfterEach
    void stop() {
        fake.close();
        proxy.stop();
    }

    private HttpProxy named() {
        return HttpProxy.at(URI.create("http://127.0.0.1:" + proxy.port()));
    }

    private SoapConnector through(HttpProxy way) {
        return new SoapConnector(fake.address().through(Optional.of(way)), FakeVCenter.LIMITS);
    }

    @Test
    void everyCallGoesThroughTheProxyWithTheLoginThatItWants() {
        try (var connector = through(named().loggedInAs("alice", "proxy-secret"));
                var session = connector.login("alice", "top-secret")) {
            assertThat(session.user().userName()).isEqualTo("VSPHERE.LOCAL\\alice");
        }

        assertThat(proxy.findAll(postRequestedFor(anyUrl()))).hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(request -> assertThat(request.getHeader("Proxy-Authorization"))
                        .isEqualTo("Basic YWxpY2U6cHJveHktc2VjcmV0"));
    }

    @Test
    void aProxyThatAsksForNoneIsGivenNoLogin() {
        try (var connector = through(named())) {
            assertThat(connector.about().name()).isEqualTo("vCenter");
        }

        assertThat(proxy.findAll(postRequestedFor(anyUrl()))).isNotEmpty()
                .allSatisfy(request -> assertThat(request.containsHeader("Proxy-Authorization")).isFalse());
    }

    @Test
    void tagsAreReadThroughTheProxyToo() {
        fake.server.stubFor(post("/api/session").willReturn(jsonResponse("\"token-1\"", 201)));
        fake.server.stubFor(post(urlPathEqualTo("/api/cis/tagging/tag-association"))
                .willReturn(jsonResponse("[]", 200)));
        var address = fake.address().through(Optional.of(named().loggedInAs("alice", "proxy-secret")));
        try (var tagging = new AutomationTagging(address, FakeVCenter.LIMITS, "svc", "top-secret")) {
            assertThat(tagging.tags(List.of(MoRef.virtualMachine("vm-51")))).isEmpty();
        }

        assertThat(proxy.findAll(postRequestedFor(anyUrl()))).hasSize(2)
                .allSatisfy(request -> assertThat(request.containsHeader("Proxy-Authorization")).isTrue());
    }

    @Test
    void whatTheProxyWantsIsToldInOneLineWithoutAPassword() {
        proxy.stubFor(any(anyUrl()).willReturn(
                aResponse().withStatus(407).withHeader("Proxy-Authenticate", "Basic realm=\"corp\"")));

        try (var stranger = through(named());
                var wrong = through(named().loggedInAs("alice", "proxy-secret"));
                var tagging = new AutomationTagging(fake.address().through(Optional.of(named())),
                        FakeVCenter.LIMITS, "svc", "top-secret")) {
            assertRefused(stranger::about, "the proxy http://127.0.0.1:" + proxy.port()
                    + " wants a login (HTTP status 407); give it a user and a password");
            assertRefused(wrong::about,
                    "refuses the login of 'alice' (HTTP status 407); check that name and");
            assertRefused(() -> tagging.tags(List.of(MoRef.virtualMachine("vm-51"))), "wants a login");
        }
        assertThat(fake.server.getAllServeEvents()).as("what reached vCenter").isEmpty();
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (var connector = through(HttpProxy.at(URI.create("http://127.0.0.1:" + free)))) {
            assertRefused(connector::about, "at the proxy http://127.0.0.1:" + free);
        }
    }

    private static void assertRefused(Runnable call, String reason) {
        assertThatThrownBy(call::run).asInstanceOf(type(VCenterUnavailableException.class))
                .matches(e -> !e.mayHaveTakenEffect(), "nothing was done")
                .extracting(Throwable::getMessage).asString().startsWith("vCenter 127.0.0.1:")
                .contains(reason).doesNotContain("secret", "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example.org:3128", "http://proxy.example.org",
            "https://proxy.example.org:3128",
            "http://alice:secret@proxy.example.org:3128"})
    void whatIsNoProxyIsRefusedWithoutShowingAPassword(String address) {
        assertThatThrownBy(() -> HttpProxy.at(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must look like http://proxy.example.org:3128")
                .message().doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "corp:alice"})
    void aNameThatCannotBeSentIsRefused(String name) {
        var way = named();
        assertThatThrownBy(() -> way.loggedInAs(name, "proxy-secret"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("proxy user: must be")
                .message().doesNotContain("secret");
    }

    @Test
    void noTextShowsThePassword() {
        var address = VCenterAddress.of(URI.create("https://vcenter.example.org"))
                .through(Optional.of(named().loggedInAs("alice", "proxy-secret")));

        assertThat(address.toString()).contains("http://127.0.0.1:" + proxy.port())
                .doesNotContain("proxy-secret", "YWxpY2U6");
    }
}
