package org.vmfinalize.places.nbd;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A request that waits for its answer. What comes in is checked against what was asked.
///
/// **Threads:** the connection's reader calls all methods; anybody may wait for the answer.
abstract sealed class Request<T> permits ReadRequest, StatusRequest {

    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final long offset;
    private final int length;
    private @Nullable IOException failure;

    Request(long offset, int length) {
        this.offset = offset;
        this.length = length;
    }

    final CompletableFuture<T> answer() {
        return answer;
    }

    final long offset() {
        return offset;
    }

    final int length() {
        return length;
    }

    /// The command's number (`doc/proto.md`, "Request types").
    abstract int command();

    /// Takes stored bytes of a read from the wire.
    ///
    /// @param at their position in the export
    void data(long at, int count, Wire wire) throws IOException {
        throw new IOException("data came in reply to a request that asked for none");
    }

    /// Takes a hole of a read.
    void hole(long at, long count) throws IOException {
        throw new IOException("a hole came in reply to a request that asked for none");
    }

    /// Takes a part of what [StatusRequest] asked for.
    void status(int context, long count, int flags) throws IOException {
        throw new IOException("a block status came in reply to a request that asked for none");
    }

    /// The server cannot do it. More chunks may follow.
    final void failed(IOException why) {
        if (failure == null) {
            failure = why;
        }
    }

    /// The answer is complete.
    ///
    /// @throws IOException if it is not, which the connection does not survive
    final void done() throws IOException {
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else {
            answer.complete(result());
        }
    }

    /// The whole answer.
    ///
    /// @throws IOException if a part is missing
    abstract T result() throws IOException;
}
