package org.vmfinalize.shell;

import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.Connection;
import org.vmfinalize.client.UntrustedServerException;
import org.vmfinalize.console.Language;
import org.vmfinalize.trust.ServerTrust;

/// What the Tab key offers where `|` stands.
@TestInstance(Lifecycle.PER_CLASS)
class CompletionTest {

    private final WireMockServer server = new WireMockServer(
            options().dynamicHttpsPort().httpDisabled(true).bindAddress("127.0.0.1"));
    private Api api;

    @BeforeAll
    void start() throws IOException {
        server.start();
        answer("/api/v1/instant-vms",
                "{\"name\": \"web-01\"}, {\"name\": \"web-02\"}, {\"name\": \"o'hara\"}");
        answer("/api/v1/backups", "{\"vmName\": \"db-01\"}, {\"vmName\": \"db-01\"}");
        answer("/api/v1/finalizations", "{\"vm\": {\"name\": \"done-01\"}}");
        answer("/api/v1/discards", "{\"name\": \"gone-01\"}");
        answer("/api/v1/datastores", "{\"name\": \"instant-1\"}");
        server.stubFor(WireMock.get(urlPathEqualTo("/api/v1/destinations")).willReturn(jsonResponse(
                "{\"hosts\": [{\"name\": \"esx-02\"}], \"networks\": [{\"name\": \"VM Network\"}]}", 200)));
        api = connected(refusedThumbprint());
    }

    private void answer(String path, String items) {
        server.stubFor(WireMock.get(urlPathEqualTo(path))
                .willReturn(jsonResponse("{\"items\": [%s], \"total\": 1}".formatted(items), 200)));
    }

    private String refusedThumbprint() throws IOException {
        try (var untrusting = connected("00".repeat(32))) {
            return catchThrowableOfType(UntrustedServerException.class, untrusting::instantVms).thumbprint();
        }
    }

    private Api connected(String thumbprint) {
        return new Api(new Connection(URI.create("https://127.0.0.1:" + server.httpsPort()),
                new ServerTrust(Optional.of(thumbprint), Optional.empty()), "token"));
    }

    @AfterAll
    void stop() {
        api.close();
        server.stop();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '~', textBlock = """
            v|                                          ~ vm( vms
            vm('web|                                    ~ web-01') web-02')
            vm("web-01|                                 ~ web-01")
            discards.of('go|                            ~ gone-01')
            discards.running.first().w|                 ~ withdraw()
            vm('web-|').discard()                       ~ web-01 web-02
            vm('o|                                      ~ o\\'hara')
            println vm( 'web-02|                        ~ web-02')
            backups.of('|                               ~ db-01')
            finalization('d|                            ~ done-01')
            vm('web-01').mak|                           ~ makePermanent(
            vm('web-01').g|                             ~ guest
            vm('web-01').guest.|                        ~ hostName ipAddress toolsRunning
            vm('a.b(c').guest.ip|                       ~ ipAddress
            vm('web-01')?.disc|                         ~ discard(
            vm('web-01').makePermanent(na|              ~ name:
            vm('web-01').makePermanent(name: 'x', pro|  ~ provisioning:
            vm('web-01').makePermanent(provisioning: '| ~ eager-thick' thick' thin'
            vm('web-01').makePermanent(priority: 'lo|   ~ low'
            vm('web-01').makePermanent().on|            ~ onProgress(
            vms.r|                                      ~ runningFromBackup
            vms.runningFromBackup.each { it.mak|        ~ makePermanent(
            vms.runningFromBackup.each { it.makePermanent pro| ~ provisioning:
            vms.findAll { it.powerState == 'poweredOff' }.each { vm -> vm.dis| ~ discard(
            backups.of('db-01').l|                      ~ last() latest
            backups.of('db-01').latest.run(name: 'x', host: 'es|          ~ esx-02'
            backups.of('db-01').latest.run(name: 'x', network: 'dis|      ~ disconnected'
            backups.of('db-01').latest.run(name: 'x', datastore: '|       ~ instant-1'
            backups.of('db-01').latest.run(name: 'x') { instant -> instant.gu| ~ guest
            finalizations.running*.pa|                  ~ pause()
            vm('web-01').makePermanent().onProgress { it.per| ~ percent
            """)
    void theTabKeyOffersWhatCanStandThere(String typed, String offered) {
        assertThat(String.join(" ", offered(typed))).isEqualTo(offered.strip());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '~', textBlock = """
            vm('nobody|
            vm('web-01').nothing.|
            unknown.|
            'vm(|
            "text".|
            .|
            }}}).|
            """)
    void whereNothingIsKnownNothingIsOffered(String typed) {
        assertThat(offered(typed)).isEmpty();
    }

    @Test
    void namesAreRememberedForAMoment() {
        server.resetRequests();
        var names = new ServerNames(api);

        assertThat(names.of(ServerNames.Kind.DATASTORE)).isEqualTo(names.of(ServerNames.Kind.DATASTORE));

        server.verify(1, getRequestedFor(urlPathEqualTo("/api/v1/datastores")));
    }

    @Test
    void aServerThatDoesNotTellIsNoError() {
        server.stubFor(WireMock.get(urlPathEqualTo("/api/v1/datastores")).willReturn(serverError()));
        try {
            assertThat(new ServerNames(api).of(ServerNames.Kind.DATASTORE)).isEmpty();
        } finally {
            answer("/api/v1/discards", "{\"name\": \"gone-01\"}");
            answer("/api/v1/datastores", "{\"name\": \"instant-1\"}");
        }
    }

    private List<String> offered(String typed) {
        int cursor = typed.indexOf('|');
        var line = typed.substring(0, cursor) + typed.substring(cursor + 1);
        Map<String, Object> variables = new HashMap<>(Language.of(api));
        var text = new TypedText(line, cursor);
        return new Completion(new ServerNames(api), variables::get).offer(text).map(Candidate::value)
                .filter(value -> value.startsWith(text.word())).map(String::strip).sorted().toList();
    }
}
