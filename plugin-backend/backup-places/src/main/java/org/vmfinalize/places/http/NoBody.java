package org.vmfinalize.places.http;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/// Hangs up before the body of a reply that is of no use, however long it is.
final class NoBody implements HttpResponse.BodySubscriber<Integer> {

    private final CompletableFuture<Integer> done = CompletableFuture.completedFuture(0);

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        // Was under way when it was cancelled.
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
        return done;
    }
}
