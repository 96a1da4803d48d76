package org.vmfinalize.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.vmfinalize.trust.ServerTrust;

class ConnectionTest {

    private static final ServerTrust SYSTEM = new ServerTrust(Optional.empty(), Optional.empty());
    private static final String VMS = "/api/v1/instant-vms";

    @RegisterExtension
    private final WireMockExtension server = WireMockExtension.newInstance()
            .options(options().dynamicHttpsPort().httpDisabled(true).bindAddress("127.0.0.1")).build();

    @Test
    void takesThePinnedCertificateAndSendsTheToken() throws IOException {
        server.stubFor(get(urlPathEqualTo(VMS)).willReturn(okJson("{\"items\": [{\"name\": \"web-01\"}]}")));

        try (var api = new Api(connection(thumbprintOfTheServer()))) {
            assertThat(api.instantVms()).extracting(InstantVm::name).containsExactly("web-01");
        }
        server.verify(
                getRequestedFor(urlPathEqualTo(VMS)).withHeader("Authorization", equalTo("Bearer secret")));
    }

    @Test
    void readsAListToItsLastPage() throws IOException {
        server.stubFor(get(urlPathEqualTo(VMS))
                .willReturn(okJson("{\"items\": [{\"name\": \"web-01\"}], \"next\": \"a b&c\"}")));
        server.stubFor(get(urlPathEqualTo(VMS)).withQueryParam("cursor", equalTo("a b&c"))
                .willReturn(okJson("{\"items\": [{\"name\": \"web-02\"}], \"next\": null}")));

        try (var api = new Api(connection(thumbprintOfTheServer()))) {
            assertThat(api.instantVms()).extracting(InstantVm::name).containsExactly("web-01", "web-02");
        }
    }

    @Test
    void refusesAnotherCertificateAndTellsItsThumbprint() throws IOException {
        var wrong = "00".repeat(32);

        var failure = catchThrowableOfType(UntrustedServerException.class, () -> connection(wrong).get(VMS));

        assertThat(failure.thumbprint()).isEqualTo(thumbprintOfTheServer());
    }

    @Test
    void problemDetailsKeepTheirKindAndText() throws IOException {
        server.stubFor(get(urlPathEqualTo(VMS)).willReturn(aResponse().withStatus(409)
                .withHeader("Content-Type", "application/problem+json")
                .withBody(
                        "{\"type\": \"/problems/name-taken\", \"detail\": \"VM web-01: taken\", \"status\": 409}")));

        var failure = catchThrowableOfType(ApiException.class,
                () -> connection(thumbprintOfTheServer()).get(VMS));

        assertThat(failure).hasMessage("VM web-01: taken");
        assertThat(failure.type()).isEqualTo("name-taken");
        assertThat(failure.status()).isEqualTo(409);
    }

    @Test
    void aWebPageInPlaceOfJsonIsToldAsSuch() throws IOException {
        server.stubFor(get(urlPathEqualTo(VMS)).willReturn(aResponse().withBody("<html>hello</html>")));

        var failure = catchThrowableOfType(IOException.class,
                () -> connection(thumbprintOfTheServer()).get(VMS));

        assertThat(failure).hasMessageContaining("is it a vm-finalize server?");
    }

    @Test
    void whatMustNotBeDoneTwiceIsAskedAgainWithTheSameKeyWhenTheConnectionBreaks() throws IOException {
        server.stubFor(post(urlPathEqualTo(VMS)).inScenario("break").whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)).willSetStateTo("again"));
        server.stubFor(post(urlPathEqualTo(VMS)).inScenario("break").whenScenarioStateIs("again")
                .willReturn(okJson("{\"name\": \"web-01\"}")));

        try (var api = new Api(connection(thumbprintOfTheServer()))) {
            assertThat(api.run(Map.of("name", "web-01")).name()).isEqualTo("web-01");
        }

        var keys = server.findAll(postRequestedFor(urlPathEqualTo(VMS))).stream()
                .map(request -> request.getHeader("Idempotency-Key")).toList();
        assertThat(keys).hasSize(2).doesNotContainNull();
        assertThat(Set.copyOf(keys)).hasSize(1);
    }

    @Test
    void aRefusalIsNotAskedForTwice() throws IOException {
        server.stubFor(post(urlPathEqualTo(VMS)).willReturn(aResponse().withStatus(409).withBody(
                "{\"type\": \"/problems/name-taken\", \"detail\": \"taken\"}")));

        try (var api = new Api(connection(thumbprintOfTheServer()))) {
            assertThat(catchThrowableOfType(ApiException.class, () -> api.run(Map.of("name", "web-01"))))
                    .hasMessage("taken");
        }

        server.verify(1, postRequestedFor(urlPathEqualTo(VMS)));
    }

    @Test
    void aBrokenConnectionIsAServerThatCannotBeReached() throws IOException {
        var thumbprint = thumbprintOfTheServer();
        server.stubFor(
                get(urlPathEqualTo(VMS)).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThat(catchThrowableOfType(UnreachableException.class, () -> connection(thumbprint).get(VMS)))
                .hasMessageContaining("must be reachable");
    }

    @Test
    void nobodyAtTheAddressIsToldAsSuch() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        var failure = catchThrowableOfType(UnreachableException.class,
                () -> new Connection(URI.create("https://127.0.0.1:" + free), SYSTEM, "")
                        .get(VMS));

        assertThat(failure).hasMessageContaining("nobody answers there");
    }

    @Test
    void plainHttpIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Connection(URI.create("http://127.0.0.1"), SYSTEM, ""))
                .withMessageContaining("https://");
    }

    private Connection connection(String thumbprint) {
        return new Connection(URI.create(server.baseUrl()),
                new ServerTrust(Optional.of(thumbprint), Optional.empty()), "secret");
    }

    /// As a user learns it: from what the server shows.
    private String thumbprintOfTheServer() {
        var failure = catchThrowableOfType(UntrustedServerException.class,
                () -> new Connection(URI.create(server.baseUrl()), SYSTEM, "").get(VMS));
        return failure.thumbprint();
    }
}
