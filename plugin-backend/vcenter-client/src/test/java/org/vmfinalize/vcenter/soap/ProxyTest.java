package org.vmfinalize.vcenter.soap;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.vcenter.VCenterAddress;

/// A vCenter that is reached through an HTTP proxy.
class ProxyTest {

    @Test
    void everyCallGoesThroughTheProxy() {
        var proxy = new WireMockServer(
                options().dynamicPort().bindAddress("127.0.0.1").enableBrowserProxying(true));
        proxy.start();
        try (var fake = new FakeVCenter();
                var connector = new SoapConnector(
                        fake.address()
                                .through(Optional.of(URI.create("http://127.0.0.1:" + proxy.port()))),
                        FakeVCenter.LIMITS);
                var session = connector.login("alice", "top-secret")) {
            assertThat(session.user().userName()).isEqualTo("VSPHERE.LOCAL\\alice");

            assertThat(proxy.findAll(postRequestedFor(anyUrl()))).hasSizeGreaterThanOrEqualTo(2);
        } finally {
            proxy.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example.org:3128", "http://proxy.example.org",
            "https://proxy.example.org:3128",
            "http://alice:secret@proxy.example.org:3128"})
    void whatIsNoProxyIsRefusedWithoutShowingAPassword(String proxy) {
        var vcenter = VCenterAddress.of(URI.create("https://vcenter.example.org"));

        assertThatThrownBy(() -> vcenter.through(Optional.of(URI.create(proxy))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must look like http://proxy.example.org:3128")
                .message().doesNotContain("secret");
    }
}
