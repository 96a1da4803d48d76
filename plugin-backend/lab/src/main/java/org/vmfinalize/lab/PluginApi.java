package org.vmfinalize.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.client.PinnedCertificate;
import org.vmfinalize.lab.report.LabReport.ReceiptSummary;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The plugin server's REST API, as far as the lab uses it, with a session of a vCenter user.
///
/// Every method throws [PluginProblemException] when the server refuses, and another [IOException] when it cannot be
/// reached.
///
/// **Threads:** any number, after [#logIn].
final class PluginApi implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final URI base;
    private final HttpClient client;
    private volatile String token = "";

    /// @param base such as `https://127.0.0.1:8443/`
    /// @param thumbprint of the server's certificate
    PluginApi(URI base, String thumbprint) {
        this.base = base;
        this.client = HttpClient.newBuilder().sslContext(PinnedCertificate.trusting(thumbprint))
                .connectTimeout(Duration.ofSeconds(10)).build();
    }

    void logIn(String userName, String password) throws IOException {
        token = post("api/v1/sessions", Map.of("userName", userName, "password", password)).get("token")
                .asString();
    }

    InstantVm createInstantVm(String name, String backup, String datastore) throws IOException {
        return run(Map.of("name", name, "backup", backup, "datastore", datastore, "powerOn", true));
    }

    /// Runs a VM from a backup.
    ///
    /// @param request as the API takes it
    InstantVm run(Map<String, Object> request) throws IOException {
        return JSON.treeToValue(post("api/v1/instant-vms", request), InstantVm.class);
    }

    /// Throws an instant VM away.
    ///
    /// @param keepChanges where to keep what its guest changed
    /// @return the overlay with the changes
    Path discard(String id, String keepChanges) throws IOException {
        var request = request("api/v1/instant-vms/" + id + "?keepChanges=" + keepChanges).DELETE();
        return Path.of(answer(request.timeout(PATIENCE).build()).get("keptFiles").get(0).asString());
    }

    InstantVm instantVm(String id) throws IOException {
        return JSON.treeToValue(get("api/v1/instant-vms/" + id), InstantVm.class);
    }

    /// How many instant VMs the server lists, page by page.
    int countInstantVms() throws IOException {
        int count = 0;
        var next = "";
        do {
            var page = get("api/v1/instant-vms?limit=500" + (next.isEmpty() ? "" : "&cursor=" + next));
            count += page.path("items").size();
            next = page.path("next").asString("");
        } while (!next.isEmpty());
        return count;
    }

    /// Asks for the menu of machines as the vSphere Client does when somebody opens it.
    ///
    /// @param urns such as `urn:vmomi:VirtualMachine:vm-58:GUID`
    /// @param pluginToken of the client's user
    /// @return the actions that can be chosen
    List<String> menu(List<String> urns, String pluginToken) throws IOException {
        var body = JSON.writeValueAsString(
                Map.of("apiVersion", "1.0.0", "objectIds", urns, "locale", "en-US"));
        var request = HttpRequest.newBuilder(base.resolve("dynamic/vm/actions"))
                .header("Content-Type", "application/json").header("vmware-api-session-id", pluginToken)
                .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8)).timeout(PATIENCE).build();
        return answer(request).path("dynamicItems").valueStream()
                .filter(item -> item.path("visible").asBoolean()).map(item -> item.path("id").asString())
                .toList();
    }

    /// Starts a finalization that is not verified.
    ///
    /// @param bytesPerSecond at most; 0 sets no limit
    FinalizationStatus finalizeVm(String vm, String name, String provisioning, long bytesPerSecond)
            throws IOException {
        return finalizeVm(vm, name, provisioning, bytesPerSecond, false);
    }

    /// Starts a finalization.
    ///
    /// @param bytesPerSecond at most; 0 sets no limit
    /// @param verify whether the disks are read back and proven
    FinalizationStatus finalizeVm(String vm, String name, String provisioning, long bytesPerSecond,
            boolean verify) throws IOException {
        return finalizeVm(Map.of("vm", vm, "name", name, "provisioning", provisioning, "bytesPerSecond",
                bytesPerSecond, "verify", verify));
    }

    /// Starts a finalization.
    ///
    /// @param request as the API takes it
    FinalizationStatus finalizeVm(Map<String, Object> request) throws IOException {
        return JSON.treeToValue(post("api/v1/finalizations", request), FinalizationStatus.class);
    }

    FinalizationStatus finalization(String id) throws IOException {
        return JSON.treeToValue(get("api/v1/finalizations/" + id), FinalizationStatus.class);
    }

    /// The receipt of a finalization that is completed.
    ReceiptSummary receipt(String id) throws IOException {
        var receipt = get("api/v1/finalizations/" + id + "/receipt");
        var disk = receipt.path("disks").path(0);
        var blocks = disk.path("blocks");
        return new ReceiptSummary(receipt.path("verified").asBoolean(), blocks.path("backup").asLong(),
                blocks.path("guest").asLong(), blocks.path("zeros").asLong(),
                disk.path("tree").path("root").asString(""),
                receipt.path("signature").path("algorithm").asString(""));
    }

    FinalizationStatus cancel(String id) throws IOException {
        return JSON.treeToValue(post("api/v1/finalizations/" + id + "/cancel", Map.of()),
                FinalizationStatus.class);
    }

    /// Listens to a finalization's events until the server ends them or the listener has heard enough; the caller asks
    /// [#finalization] for the rest.
    ///
    /// @param listener says whether it wants to go on listening
    /// @throws IOException also if the server goes away
    void follow(String id, Predicate<FinalizationStatus> listener) throws IOException {
        var request = request("api/v1/finalizations/" + id + "/events").header("Accept", "text/event-stream")
                .GET().build();
        var response = send(request, BodyHandlers.ofLines());
        try (var lines = response.body()) {
            if (response.statusCode() != 200) {
                throw problem(response.statusCode(), lines.collect(Collectors.joining("\n")));
            }
            tell(lines, listener);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private static void tell(Stream<String> lines, Predicate<FinalizationStatus> listener) {
        var data = new StringBuilder();
        for (var line : (Iterable<String>) lines::iterator) {
            if (line.startsWith("data:")) {
                data.append(line, "data:".length(), line.length());
            } else if (line.isEmpty() && !data.isEmpty()) {
                if (!listener.test(JSON.readValue(data.toString(), FinalizationStatus.class))) {
                    return;
                }
                data.setLength(0);
            }
        }
    }

    private JsonNode get(String path) throws IOException {
        return answer(request(path).GET().timeout(PATIENCE).build());
    }

    private JsonNode post(String path, Map<String, Object> body) throws IOException {
        var content = BodyPublishers.ofString(JSON.writeValueAsString(body), StandardCharsets.UTF_8);
        return answer(request(path).header("Content-Type", "application/json").POST(content).timeout(PATIENCE)
                .build());
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(base.resolve(path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private JsonNode answer(HttpRequest request) throws IOException {
        var response = send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.statusCode() >= 300) {
            throw problem(response.statusCode(), response.body());
        }
        return JSON.readTree(response.body());
    }

    private static PluginProblemException problem(int status, String body) {
        @Nullable
        JsonNode problem = null;
        try {
            problem = JSON.readTree(body);
        } catch (JacksonException _) {
            // Not JSON: the status has to do.
        }
        if (problem == null || !problem.hasNonNull("detail")) {
            return new PluginProblemException("about:blank", status,
                    "the plugin server answered with status " + status);
        }
        return new PluginProblemException(problem.path("type").asString("about:blank"), status,
                problem.get("detail").asString());
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        try {
            return client.send(request, handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the plugin server was asked", e);
        }
    }
}
