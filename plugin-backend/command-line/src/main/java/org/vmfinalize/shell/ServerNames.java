package org.vmfinalize.shell;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.Discard;
import org.vmfinalize.client.Finalization;
import org.vmfinalize.client.InstantVm;
import tools.jackson.databind.JsonNode;

/// Names that the server knows, asked when they are needed and remembered for a few seconds.
///
/// **Threads:** one.
final class ServerNames {

    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Api api;
    private final Map<Kind, Remembered> remembered = new HashMap<>();

    ServerNames(Api api) {
        this.api = api;
    }

    /// What names are of.
    enum Kind {
        VM, BACKED_UP_VM, FINALIZED_VM, DISCARDED_VM, DATASTORE, HOST, NETWORK
    }

    private record Remembered(List<String> names, long at) {}

    /// All of a kind, in order; none if the server does not tell.
    List<String> of(Kind kind) {
        var known = remembered.get(kind);
        if (known == null || System.nanoTime() - known.at > FRESH.toNanos()) {
            known = new Remembered(asked(kind), System.nanoTime());
            remembered.put(kind, known);
        }
        return known.names;
    }

    private List<String> asked(Kind kind) {
        try {
            return ask(kind).stream().filter(name -> !name.isEmpty()).distinct().sorted().toList();
        } catch (IOException _) {
            // A key that completes must not end in an error: the line that is typed will tell it.
            return List.of();
        }
    }

    private List<String> ask(Kind kind) throws IOException {
        return switch (kind) {
            case VM -> api.instantVms().stream().map(InstantVm::name).toList();
            case BACKED_UP_VM -> names(api.backups(null, null), "vmName");
            case FINALIZED_VM -> api.finalizations().stream().map(Finalization::vmName).toList();
            case DISCARDED_VM -> api.discards(null).stream().map(Discard::vmName).toList();
            case DATASTORE -> names(api.list("datastores"), "name");
            case HOST -> names(api.object("destinations").path("hosts").valueStream().toList(), "name");
            case NETWORK -> names(api.object("destinations").path("networks").valueStream().toList(), "name");
        };
    }

    private static List<String> names(List<JsonNode> items, String field) {
        return items.stream().map(item -> item.path(field).asString("")).toList();
    }
}
