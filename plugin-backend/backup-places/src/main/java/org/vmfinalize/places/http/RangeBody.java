package org.vmfinalize.places.http;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/// Takes the body of a reply into a buffer of its own, and no byte more than was asked for.
///
/// What has come is kept when the body breaks off.
///
/// **Threads:** the client's fills it; anybody may ask how far it is.
final class RangeBody implements HttpResponse.BodySubscriber<Integer> {

    private final CompletableFuture<Integer> done = new CompletableFuture<>();
    private final int most;

    /// Made when a body begins: the client holds on for a while to what an answer that it cannot read would have filled.
    private byte[] bytes = {};

    private volatile int received;

    /// @param most how many bytes there may be
    RangeBody(int most) {
        this.most = most;
    }

    /// How many bytes have come.
    int received() {
        return received;
    }

    /// What has come so far; at most [#received()] bytes are right.
    ByteBuffer content() {
        int count = received;
        return ByteBuffer.wrap(bytes, 0, count);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        bytes = new byte[most];
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        if (done.isDone()) {
            return;
        }
        int end = received;
        for (var part : parts) {
            int count = part.remaining();
            if (count > bytes.length - end) {
                // Who lies about the length may lie about the bytes.
                received = 0;
                done.completeExceptionally(new IOException(
                        "the body must have the %d bytes that were asked for but has more".formatted(
                                most)));
                return;
            }
            part.get(bytes, end, count);
            end += count;
            received = end;
        }
    }

    @Override
    public void onError(Throwable cause) {
        done.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
        done.complete(received);
    }

    @Override
    public CompletionStage<Integer> getBody() {
        return done;
    }
}
