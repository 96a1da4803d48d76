package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets in, what strangers see, and what every answer carries.
class AuthenticationTest extends ApiTest {

    private static final String PROTECTED = "/api/v1/finalizations";

    @BeforeEach
    void anonymous() {
        server.asNobody();
    }

    @ParameterizedTest
    @CsvSource({"GET, /api/v1/finalizations", "GET, /api/v1/instant-vms", "POST, /api/v1/finalizations",
            "POST, /api/v1/finalizations/x/cancel", "GET, /api/v1/finalizations/x/events",
            "POST, /dynamic/vm/actions", "POST, /dynamic/vm/monitor", "POST, /dynamic/vm/summary",
            "GET, /api/v1/destinations", "GET, /api/v1/instant-vms/vm-1/disks/0/map",
            "GET, /api/v1/instant-vms/vm-1/samples",
            "DELETE, /api/v1/sessions/current", "GET, /api/v1/instant-vms/vm-1",
            "GET, //api/v1/finalizations"})
    void nothingOfTheApiIsAnsweredWithoutASession(String method, String path) throws Exception {
        var answer = server.send(method, path, method.equals("POST") ? "{}" : null);

        assertThat(answer.status()).isIn(401, 404, 400);
        assertThat(answer.response().body()).doesNotContain("items");
        if (!path.startsWith("//")) {
            assertThat(answer.problem()).isEqualTo("unauthorized");
            assertThat(answer.response().headers().firstValue("www-authenticate")).contains("Bearer");
        }
    }

    @Test
    void aPasswordGivesATokenThatHoldsUntilLogOut() throws Exception {
        server.as("alice", "ecila");
        assertThat(server.get(PROTECTED).status()).isEqualTo(200);
        assertThat(vcenter.openUsers).contains("alice");

        assertThat(server.send("DELETE", "/api/v1/sessions/current", null).status()).isEqualTo(204);

        assertThat(server.get(PROTECTED).problem()).isEqualTo("unauthorized");
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        var answer = server.post("/api/v1/sessions", "{\"userName\":\"alice\",\"password\":\"wrong\"}");

        assertThat(answer.problem()).isEqualTo("unauthorized");
        assertThat(answer.response().body()).doesNotContain("wrong");
    }

    @Test
    void theClientsTokenIsExchangedOnce() throws Exception {
        int before = vcenter.ticketsAsked.get();

        for (int i = 0; i < 5; i++) {
            assertThat(server.get(PROTECTED, "vmware-api-session-id", "plugin-bob").status()).isEqualTo(200);
        }

        assertThat(vcenter.ticketsAsked.get() - before).isEqualTo(1);
    }

    @Test
    void aSessionThatVCenterEndedIsRefusedAndThenExchangedAnew() throws Exception {
        var vm = "/api/v1/instant-vms/" + vcenter.add("carols").value();
        assertThat(server.get(vm, "vmware-api-session-id", "plugin-carol").problem())
                .isEqualTo("not-an-instant-vm");
        vcenter.endedUsers.add("carol");
        assertThat(server.get(vm, "vmware-api-session-id", "plugin-carol").problem())
                .isEqualTo("unauthorized");
        vcenter.endedUsers.clear();

        assertThat(server.get(vm, "vmware-api-session-id", "plugin-carol").problem())
                .isEqualTo("not-an-instant-vm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer invented", "Bearer ", "Basic YWxpY2U6ZWNpbGE=", "bearer"})
    void anInventedAuthorizationIsRefused(String authorization) throws Exception {
        assertThat(server.get(PROTECTED, "Authorization", authorization).problem()).isEqualTo("unauthorized");
        assertThat(server.get(PROTECTED, "vmware-api-session-id", "invented").problem())
                .isEqualTo("unauthorized");
    }

    @Test
    void aVCenterThatIsAwayIsNotAWrongPassword() throws Exception {
        vcenter.away = true;
        try {
            assertThat(server.post("/api/v1/sessions", "{\"userName\":\"alice\",\"password\":\"ecila\"}")
                    .problem())
                    .isEqualTo("vcenter-unavailable");
        } finally {
            vcenter.away = false;
        }
    }

    @Test
    void malformedRequestsAreProblemsToo() throws Exception {
        assertThat(server.post("/api/v1/sessions", "{").problem()).isEqualTo("bad-request");
        assertThat(server.post("/api/v1/sessions", "[]").problem()).isEqualTo("bad-request");
        assertThat(server.post("/api/v1/sessions", "{}").text("detail")).contains("userName", "password");
        assertThat(server.post("/api/v1/sessions", "{\"userName\":\"" + "x".repeat(70_000) + "\"}").problem())
                .isEqualTo("request-too-large");
        assertThat(server.send("PUT", "/api/v1/sessions", "{}").problem()).isEqualTo("method-not-allowed");
        assertThat(server.get("/api/v1/nothing").problem()).isEqualTo("not-found");
        assertThat(server.get("/%00").problem()).isEqualTo("bad-request");
        assertThat(server.get("/api/v1/finalizations/a%2Fb").problem()).isEqualTo("bad-request");
        server.as("alice", "ecila");
        assertThat(server.send("POST", "/api/v1/finalizations", null, "Content-Type", "text/plain").problem())
                .isIn("unsupported-media-type", "bad-request");
        assertThat(server.get("/api/v1/finalizations", "Accept", "image/png").problem())
                .isEqualTo("not-acceptable");
    }

    @Test
    void everyAnswerTellsBrowsersWhatOurPagesMayDo() throws Exception {
        for (var path : new String[]{"/plugin.json", "/nothing", PROTECTED, "/index.html"}) {
            var headers = server.get(path).response().headers();

            assertThat(headers.firstValue("content-security-policy").orElseThrow())
                    .contains("default-src 'self'", "frame-ancestors 'self'", "object-src 'none'");
            assertThat(headers.firstValue("x-content-type-options")).contains("nosniff");
            assertThat(headers.firstValue("x-frame-options")).contains("SAMEORIGIN");
            assertThat(headers.allValues("set-cookie")).isEmpty();
            assertThat(headers.allValues("access-control-allow-origin")).isEmpty();
        }
        assertThat(server.get(PROTECTED).response().headers().firstValue("cache-control"))
                .contains("no-store");
    }

    @Test
    void thePluginIsRegisteredWithThePinnedCertificate() throws Exception {
        var extension = Objects.requireNonNull(vcenter.extensions.get("org.vmfinalize"));

        var thumbprint = Files.readString(server.data.resolve("thumbprint")).strip();
        assertThat(extension.servers().getFirst().thumbprint()).contains(thumbprint);
        assertThat(extension.servers().getFirst().url())
                .matches("https://127\\.0\\.0\\.1:\\d+/plugin\\.json");
        assertThat(extension.version()).matches("\\d+(\\.\\d+){0,3}");
        assertThat(extension.taskIds()).containsExactly("org.vmfinalize.finalize");
        for (var icon : extension.managedEntities()) {
            assertThat(server.get(icon.iconUrl().replaceFirst("https://[^/]*", "")).status()).isEqualTo(200);
            assertThat(server.get(icon.smallIconUrl().replaceFirst("https://[^/]*", "")).status())
                    .isEqualTo(200);
        }
    }
}
