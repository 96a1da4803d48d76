package org.vmfinalize.places.http;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// Takes nothing of a body that is of no use, however long it is. [#hangUp()] ends it once the head has been seen.
final class NoBody implements HttpResponse.BodySubscriber<Integer> {

    private volatile Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription body) {
        // Cancelling here would look like a connection that broke.
        subscription = body;
    }

    void hangUp() {
        var body = subscription;
        if (body != null) {
            body.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        // Nothing is asked for.
    }

    @Override
    public void onError(Throwable cause) {
        // Only the head of the reply is of interest.
    }

    @Override
    public void onComplete() {
        // As onError.
    }

    @Override
    public CompletionStage<Integer> getBody() {
        return CompletableFuture.completedFuture(0);
    }
}
