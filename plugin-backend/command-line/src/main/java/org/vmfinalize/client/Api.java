package org.vmfinalize.client;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the server can be asked, in its own terms; errors as of [Connection].
///
/// **Threads:** any number.
public final class Api implements AutoCloseable {

    /// How often a broken stream of events is taken up again before the server counts as gone, and how long to wait.
    private static final int RECONNECTS = 60;
    private static final int PAGE = 500;
    private static final Duration BETWEEN_RECONNECTS = Duration.ofSeconds(2);

    private final Connection connection;

    public Api(Connection connection) {
        this.connection = connection;
    }

    /// Finds out whether the server is there and trusted, without telling it anything.
    public void meet() throws IOException {
        connection.meet();
    }

    /// Logs in to vCenter through the server.
    ///
    /// @return the token of a session, and the user's name as vCenter has it
    public Login logIn(String userName, String password) throws IOException {
        var answer = connection.post("api/v1/sessions", Map.of("userName", userName, "password", password));
        return new Login(answer.path("token").asString(""), answer.path("userName").asString(userName));
    }

    /// A session that has begun.
    ///
    /// @param token whoever has it is the user
    public record Login(String token, String userName) {}

    public void logOut() throws IOException {
        connection.delete("api/v1/sessions/current", Map.of());
    }

    /// The VMs that run from backups and that the user may see.
    public List<InstantVm> instantVms() throws IOException {
        return items("api/v1/instant-vms", InstantVm::new);
    }

    public InstantVm instantVm(String id) throws IOException {
        return new InstantVm(connection.get("api/v1/instant-vms/" + segment(id)));
    }

    /// Runs a VM from a backup.
    ///
    /// @param request the form of `POST /api/v1/instant-vms`
    public InstantVm run(Map<String, ?> request) throws IOException {
        return new InstantVm(connection.create("api/v1/instant-vms", request));
    }

    /// vSphere's tags of an instant VM, each with its `category` and its `name`.
    public List<JsonNode> tags(String id) throws IOException {
        return connection.get("api/v1/instant-vms/%s/tags".formatted(segment(id))).path("items").valueStream()
                .toList();
    }

    /// What would come of throwing an instant VM away, without doing it.
    ///
    /// @param options the form of `DELETE /api/v1/instant-vms/{vm}`
    public JsonNode planDiscard(String id, Map<String, ?> options) throws IOException {
        return connection.post("api/v1/instant-vms/%s/discard/plan".formatted(segment(id)), options);
    }

    /// Throws an instant VM away.
    ///
    /// @param options the form of `DELETE /api/v1/instant-vms/{vm}`
    /// @return what became of it, such as how much the guest had written
    public JsonNode discard(String id, Map<String, ?> options) throws IOException {
        return connection.delete("api/v1/instant-vms/" + segment(id), options);
    }

    /// The instant VMs that were, or are being, thrown away; the newest first.
    ///
    /// @param vm a part of the VM's name; null: of all VMs
    public List<Discard> discards(@Nullable String vm) throws IOException {
        return items("api/v1/discards" + (vm == null ? "" : "?name=" + segment(vm)), Discard::new);
    }

    /// Withdraws a discard that has not come to its end.
    public void withdrawDiscard(String id) throws IOException {
        connection.delete("api/v1/discards/" + segment(id), Map.of());
    }

    /// The restore points that VMs can be run from.
    ///
    /// @param vm a part of the VM's name; null: of all VMs
    /// @param place the name of a place; null: in all
    public List<JsonNode> backups(@Nullable String vm, @Nullable String place) throws IOException {
        var filter = (vm == null ? "" : "&vm=" + segment(vm))
                + (place == null ? "" : "&place=" + segment(place));
        var all = new ArrayList<JsonNode>();
        long total;
        do {
            var page = connection
                    .get("api/v1/backups?limit=%d&offset=%d%s".formatted(PAGE, all.size(), filter));
            page.path("items").forEach(all::add);
            total = page.path("items").isEmpty() ? 0 : page.path("total").asLong(0);
        } while (all.size() < total);
        return all;
    }

    /// Begins to compare a restore point's files with the checksums that were stored with them.
    public JsonNode compareChecksums(String id) throws IOException {
        return connection.create("api/v1/backups/%s/checksums".formatted(segment(id)), Map.of());
    }

    /// How far that is, and what was found.
    public JsonNode checksums(String id) throws IOException {
        return connection.get("api/v1/backups/%s/checksums".formatted(segment(id)));
    }

    public List<Finalization> finalizations() throws IOException {
        return items("api/v1/finalizations", Finalization::new);
    }

    public Finalization finalization(String id) throws IOException {
        return new Finalization(connection.get("api/v1/finalizations/" + segment(id)));
    }

    /// Starts a finalization, and returns when it is written down.
    ///
    /// @param request the form of `POST /api/v1/finalizations`
    public Finalization finalizeVm(Map<String, ?> request) throws IOException {
        return new Finalization(connection.create("api/v1/finalizations", request));
    }

    /// What would come of a finalization, without beginning it.
    ///
    /// @param request the form of `POST /api/v1/finalizations`
    public JsonNode planFinalization(Map<String, ?> request) throws IOException {
        return connection.post("api/v1/finalizations/plan", request);
    }

    /// What would come of running a backup, without doing it.
    ///
    /// @param request the form of `POST /api/v1/instant-vms`
    public JsonNode planRun(Map<String, ?> request) throws IOException {
        return connection.post("api/v1/instant-vms/plan", request);
    }

    /// Changes the limit, the goal or the priority of a finalization under way.
    ///
    /// @param request the form of `PATCH /api/v1/finalizations/{id}`
    public Finalization change(String id, Map<String, ?> request) throws IOException {
        return new Finalization(connection.patch("api/v1/finalizations/" + segment(id), request));
    }

    /// Does one of `pause`, `resume` and `cancel`.
    public Finalization steer(String id, String verb) throws IOException {
        return new Finalization(
                connection.post("api/v1/finalizations/%s/%s".formatted(segment(id), verb), Map.of()));
    }

    /// Tells `listener` of a finalization's progress until it is over or `listener` answers false.
    ///
    /// A broken connection is taken up again, for about two minutes: a server may be restarted meanwhile.
    ///
    /// @return how it was when it was last seen
    public Finalization follow(String id, Predicate<Finalization> listener) throws IOException {
        var stream = new Stream(listener);
        for (int failures = 0;;) {
            stream.told = false;
            try {
                connection.follow("api/v1/finalizations/%s/events".formatted(segment(id)), stream::tell);
                if (stream.ended || stream.last.isOver()) {
                    return stream.last;
                }
            } catch (UnreachableException e) {
                failures = stream.told ? 0 : failures + 1;
                if (failures > RECONNECTS) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static final class Stream {

        private final Predicate<Finalization> listener;
        private Finalization last = new Finalization(Connection.JSON.createObjectNode());
        private boolean ended;
        private boolean told;

        Stream(Predicate<Finalization> listener) {
            this.listener = listener;
        }

        boolean tell(JsonNode json) {
            last = new Finalization(json);
            told = true;
            ended = !listener.test(last);
            return !ended;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(BETWEEN_RECONNECTS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the server", e);
        }
    }

    /// A list of the API that has no form of its own here, such as `backups` or `datastores`.
    ///
    /// @param path below `api/v1/`, with its query
    public List<JsonNode> list(String path) throws IOException {
        return items("api/v1/" + path, Function.identity());
    }

    /// Has the server register itself with vCenter; see `PUT /api/v1/registration`.
    public JsonNode register() throws IOException {
        return connection.put("api/v1/registration", Map.of());
    }

    /// Has the server take its registration away.
    public JsonNode unregister() throws IOException {
        return connection.delete("api/v1/registration", Map.of());
    }

    /// Has the server take away what it left behind in vCenter.
    ///
    /// @return what it found; see `POST /api/v1/doctor/repair`
    public List<JsonNode> repair() throws IOException {
        return connection.post("api/v1/doctor/repair", Map.of()).path("items").valueStream().toList();
    }

    /// An object of the API that has no form of its own here.
    ///
    /// @param path below `api/v1/`
    public JsonNode object(String path) throws IOException {
        return connection.get("api/v1/" + path);
    }

    private <T> List<T> items(String path, Function<JsonNode, T> form) throws IOException {
        var all = new ArrayList<T>();
        var page = connection.get(path);
        page.path("items").valueStream().map(form).forEach(all::add);
        while (page.hasNonNull("next")) {
            page = connection.get("%s%scursor=%s".formatted(path, path.contains("?") ? "&" : "?",
                    segment(page.get("next").asString())));
            page.path("items").valueStream().map(form).forEach(all::add);
        }
        return all;
    }

    /// A name or id as one part of a path.
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        connection.close();
    }
}
