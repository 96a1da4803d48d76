package org.vmfinalize.lab;

import java.io.IOException;

/// What happens to the plugin server half-way through a finalization.
enum Interruption {
    NONE("") {
        @Override
        void end(ServerProcess server) {
            throw new IllegalStateException("nothing is to happen to the server");
        }
    },
    /// As by `kill -9`, or the end of its machine's power but for what was in the page cache.
    KILL("killed") {
        @Override
        void end(ServerProcess server) {
            server.kill();
        }
    },
    /// As it is planned for a new version: an orderly end, and a start.
    UPGRADE("restarted") {
        @Override
        void end(ServerProcess server) throws IOException {
            server.stop();
        }
    };

    private final String word;

    Interruption(String word) {
        this.word = word;
    }

    /// What was done to the server, as in "the server was".
    String word() {
        return word;
    }

    /// Ends the server; returns when it is gone.
    abstract void end(ServerProcess server) throws IOException;
}
