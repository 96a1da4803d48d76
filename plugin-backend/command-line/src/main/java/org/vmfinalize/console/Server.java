package org.vmfinalize.console;

import java.io.IOException;
import java.util.Map;
import org.vmfinalize.client.Api;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks the server, and turns what scripts would have to declare into exceptions that they need not.
///
/// **Threads:** any number.
final class Server {

    private final Api api;

    Server(Api api) {
        this.api = api;
    }

    <T> T ask(Question<T> question) {
        try {
            return question.of(api);
        } catch (IOException e) {
            throw new ConsoleException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    /// An object of the API as Groovy reads it: `plan.datastore.neededBytes`.
    @SuppressWarnings("unchecked")
    static Map<String, ?> asMap(JsonNode object) {
        return JsonMapper.shared().treeToValue(object, Map.class);
    }

    /// Something that the server is asked.
    @FunctionalInterface
    interface Question<T> {
        T of(Api api) throws IOException;
    }
}
