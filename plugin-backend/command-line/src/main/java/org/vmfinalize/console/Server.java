package org.vmfinalize.console;

import java.io.IOException;
import org.vmfinalize.client.Api;

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

    /// Something that the server is asked.
    @FunctionalInterface
    interface Question<T> {
        T of(Api api) throws IOException;
    }
}
