package org.vmfinalize.lab.vcenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.ConnectProxy;
import org.vmfinalize.server.tls.SelfSignedCertificate;
import org.vmfinalize.trust.HttpProxy;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.soap.SoapConnector;

/// A vCenter behind a proxy that makes tunnels for those only who log in to it, over real TLS.
class TunnelTest {

    private ConnectProxy proxy;
    private LabVCenter lab;

    @BeforeEach
    void start() throws IOException {
        proxy = ConnectProxy.wanting("alice", "proxy-secret");
        lab = new LabVCenter(0, "admin-secret", "operator-secret");
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
        proxy.close();
    }

    private String about(HttpProxy way) {
        var address = VCenterAddress.pinned(lab.sdk(), lab.thumbprint()).through(Optional.of(way));
        try (var connector = new SoapConnector(address);
                var session = connector.login(LabVCenter.ADMINISTRATOR, "admin-secret")) {
            return session.about().instanceUuid();
        }
    }

    @Test
    void whoLogsInToTheProxyReachesIt() {
        assertThat(about(HttpProxy.at(proxy.address()).loggedInAs("alice", "proxy-secret")))
                .isEqualTo(lab.instanceUuid());
        assertThat(proxy.asked()).isNotEmpty().containsOnly("CONNECT 127.0.0.1:%d 200".formatted(
                lab.sdk().getPort()));
    }

    @Test
    void aWrongPasswordAndNoneAreToldInOneLineAndNotTriedAgain() {
        var way = HttpProxy.at(proxy.address());

        assertRefused(way.loggedInAs("alice", "wrong-secret"),
                "the proxy %s refuses the login of 'alice' (HTTP status 407); check that name and its password"
                        .formatted(proxy.address()));
        assertThat(proxy.asked()).hasSize(1);
        assertRefused(way, "the proxy %s wants a login (HTTP status 407)".formatted(proxy.address()));
        assertThat(proxy.asked()).hasSize(2)
                .containsOnly("CONNECT 127.0.0.1:%d 407".formatted(lab.sdk().getPort()));
    }

    private void assertRefused(HttpProxy way, String reason) {
        assertThatThrownBy(() -> about(way)).asInstanceOf(type(VCenterUnavailableException.class))
                .matches(e -> !e.mayHaveTakenEffect(), "nothing was done")
                .extracting(Throwable::getMessage).asString().contains(reason)
                .doesNotContain("secret", "\n");
    }

    @Test
    void theLoginStaysWithTheProxy() throws IOException {
        var certificate = SelfSignedCertificate.create(List.of("localhost"));
        var heard = new CopyOnWriteArrayList<Headers>();
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        server.createContext("/", exchange -> {
            heard.add(exchange.getRequestHeaders());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        var sdk = URI.create("https://127.0.0.1:%d/sdk".formatted(server.getAddress().getPort()));
        var address = VCenterAddress.pinned(sdk, certificate.thumbprint()).through(
                Optional.of(HttpProxy.at(proxy.address()).loggedInAs("alice", "proxy-secret")));
        try (var connector = new SoapConnector(address)) {
            assertThatThrownBy(connector::about).hasMessageContaining("HTTP status 404");
        } finally {
            server.stop(0);
        }

        assertThat(heard).singleElement().satisfies(
                headers -> assertThat(headers.containsKey("Proxy-authorization")).isFalse());
    }
}
