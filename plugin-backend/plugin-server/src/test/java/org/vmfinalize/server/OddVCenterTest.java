package org.vmfinalize.server;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What users are told when vCenter answers as it should not, through the real client.
class OddVCenterTest {

    @TempDir
    static Path folder;

    private static WireMockServer vcenter;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        vcenter = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
        vcenter.start();
        vcenter.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503)));
        server = RunningServer.start(folder, null,
                "--vmfinalize.vcenter.url=http://127.0.0.1:" + vcenter.port() + "/sdk");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        vcenter.stop();
    }

    @BeforeEach
    void forget() {
        vcenter.resetAll();
        server.asNobody();
    }

    enum Oddity {
        RESTARTING, HTML, HALF_AN_ANSWER, GARBAGE, BROKEN_OFF, XML_BOMB;

        private ResponseDefinitionBuilder answer() {
            var xml = aResponse().withStatus(200).withHeader("Content-Type", "text/xml");
            return switch (this) {
                case RESTARTING -> aResponse().withStatus(503)
                        .withHeader("Content-Type", "text/html")
                        .withBody("<html>Service Unavailable</html>");
                case HTML -> aResponse().withStatus(200)
                        .withHeader("Content-Type", "text/html")
                        .withBody("<html><script>alert(1)</script></html>");
                case HALF_AN_ANSWER -> xml.withBody("<?xml version=\"1.0\"?><soapenv:Envelope");
                case GARBAGE -> xml.withFault(Fault.RANDOM_DATA_THEN_CLOSE);
                case BROKEN_OFF -> xml.withFault(Fault.CONNECTION_RESET_BY_PEER);
                case XML_BOMB -> xml.withBody("<!DOCTYPE a [<!ENTITY b \"bb\">]><a>&b;</a>");
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Oddity.class)
    void anAnswerThatIsNoneOfAVCenterIsToldAsNotAvailable(Oddity oddity) throws Exception {
        vcenter.stubFor(any(anyUrl()).willReturn(oddity.answer()));

        var byPassword = server.post("/api/v1/sessions",
                "{\"userName\":\"alice\",\"password\":\"secret-word\"}");
        var byToken = server.get("/api/v1/finalizations", "vmware-api-session-id", "secret-token");

        assertThat(byPassword.problem()).isEqualTo("vcenter-unavailable");
        assertThat(byToken.problem()).isEqualTo("vcenter-unavailable");
        assertThat(byPassword.text("detail") + byToken.text("detail")).doesNotContain("<", "secret");
    }
}
