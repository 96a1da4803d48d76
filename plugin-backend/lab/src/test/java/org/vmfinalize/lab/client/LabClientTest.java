package org.vmfinalize.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabClientTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final FixedVSphere vsphere = new FixedVSphere();
    private ScriptedPlugin plugin;
    private LabClient client;

    @BeforeEach
    void start() throws IOException {
        plugin = new ScriptedPlugin();
        vsphere.extensions.add(plugin.extension());
        client = LabClient.start(vsphere, "administrator@vsphere.local", 0);
    }

    @AfterEach
    void stop() {
        client.close();
        plugin.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example:80", "127.0.0.1:1", "evil.example"})
    void refusesARequestThatNamesAnotherHost(String host) throws IOException {
        assertThat(statusFor("GET /lab/state HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .isEqualTo("HTTP/1.1 421");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "https://127.0.0.1:1"})
    void refusesWhatAPageOfAnotherOriginSends(String origin) throws IOException {
        vsphere.tasks.add(FixedVSphere.task("running", 42, "Copying"));
        assertThat(statusFor("POST /lab/tasks/task-7/cancel HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: %s\r\n"
                .formatted(client.address().getPort(), origin)
                + "Content-Length: 0\r\nConnection: close\r\n\r\n")).isEqualTo("HTTP/1.1 403");
        assertThat(vsphere.cancelled).isEmpty();
    }

    @Test
    void asksARunningTaskToEndAndRefusesAnyOther() throws Exception {
        vsphere.tasks.add(FixedVSphere.task("running", 42, "Copying"));

        assertThat(post("/lab/tasks/task-7/cancel").statusCode()).isEqualTo(200);
        assertThat(vsphere.cancelled).containsExactly("task-7");
        assertThat(post("/lab/tasks/task-8/cancel").statusCode()).isEqualTo(409);
        assertThat(post("/lab/tasks/task-7").statusCode()).isEqualTo(409);
        assertThat(vsphere.cancelled).containsExactly("task-7");
    }

    @Test
    void answersToItsOwnName() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(200);
        assertThat(get("/").body()).contains("lab-inventory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/LabClient.class", "/js/../index.html", "/..%2f..%2fapplication.yaml",
            "/js%2fmain.js%00", "/webjars/"})
    void servesNothingButItsPage(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void tellsThePageWhatIsInTheInventoryAndWhichPluginsThereAre() throws Exception {
        assertThat(get("/lab/state").body())
                .contains("\"name\":\"web01-from-backup\"")
                .contains("\"parent\":null")
                .contains("\"path\":\"" + pluginPath() + "\"")
                .contains("\"manifest\":\"plugin.json\"");
    }

    @Test
    void publishesAPluginUnderItsPath() throws Exception {
        HttpResponse<String> manifest = get(pluginPath() + "plugin.json");

        assertThat(manifest.statusCode()).isEqualTo(200);
        assertThat(manifest.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(manifest.headers().firstValue("content-security-policy")).isPresent();
        assertThat(manifest.body()).contains("finalizeAction");
    }

    @Test
    void passesTheSessionTokenAndTheBodyToThePlugin() throws Exception {
        plugin.replies.put("POST /dynamic/vm/actions", ScriptedPlugin.Reply.json("{}"));

        HTTP.send(HttpRequest.newBuilder(uri(pluginPath() + "dynamic/vm/actions"))
                .header("vmware-api-session-id", "secret").header("cookie", "not-for-plugins=1")
                .POST(BodyPublishers.ofString("{\"a\":1}")).build(), BodyHandlers.ofString());

        assertThat(plugin.received.take())
                .isEqualTo(new ScriptedPlugin.Received("POST /dynamic/vm/actions", "secret", "{\"a\":1}"));
    }

    @Test
    void passesAProblemOnAsItIs() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations",
                ScriptedPlugin.Reply.problem(401, "unauthorized", "log in"));

        HttpResponse<String> answer = get(pluginPath() + "api/v1/finalizations");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("/problems/unauthorized");
    }

    @Test
    void passesEachEventOnWhenItComes() throws Exception {
        plugin.events.add("event: progress\ndata: 1\n\n");
        try (var in = HTTP
                .send(HttpRequest.newBuilder(uri(pluginPath() + "api/v1/finalizations/1/events")).build(),
                        BodyHandlers.ofInputStream())
                .body();
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {

            assertThat(lines.readLine()).isEqualTo("event: progress");
            assertThat(lines.readLine()).isEqualTo("data: 1");
            // Only now, after the first event has arrived, is the second one made.
            plugin.events.add("event: progress\ndata: 2\n\n");
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("event: progress");
            plugin.events.add("");
        }
    }

    @Test
    void doesNotTalkToAServerWithAnotherCertificate() throws Exception {
        vsphere.extensions.set(0, plugin.extension("00:".repeat(31) + "00"));

        HttpResponse<String> answer = get(pluginPath() + "plugin.json");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("thumbprint must be the registered one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/plugins/", "/plugins/org.vmfinalize~0.1.0~1/127.0.0.1-1/plugin.json",
            "/plugins/org.example~0.1.0~1/127.0.0.1-443/plugin.json"})
    void reachesNoServerThatIsNotRegistered(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void refusesARequestThatIsLongerThanAny() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(uri(pluginPath() + "api/v1/finalizations"))
                        .POST(BodyPublishers.ofByteArray(new byte[(1 << 20) + 1])).build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(plugin.received).isEmpty();
    }

    @Test
    void showsTheIconThatTheExtensionHasForItsObjects() throws Exception {
        assertThat(get("/lab/icons/org.vmfinalize/instant-vm/small").headers().firstValue("content-type"))
                .hasValue("image/png");
        assertThat(get("/lab/icons/org.vmfinalize/other/small").statusCode()).isEqualTo(404);
        assertThat(get("/lab/icons/org.vmfinalize/instant-vm").statusCode()).isEqualTo(404);
    }

    private String pluginPath() {
        return PluginAddress.of(vsphere.extensions.getFirst()).orElseThrow().path();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()).build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create(client.address().toString().replaceAll("/$", "") + path);
    }

    /// The JDK's client sends the right host always.
    private String statusFor(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return line.substring(0, 12);
        }
    }
}
