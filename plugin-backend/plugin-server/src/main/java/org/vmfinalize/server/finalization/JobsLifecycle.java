package org.vmfinalize.server.finalization;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Goes on with jobs after the datastores are served and before users are, and stops them in the reverse order.
@Component
class JobsLifecycle implements SmartLifecycle {

    private final Finalizations finalizations;
    private volatile boolean running;

    JobsLifecycle(Finalizations finalizations) {
        this.finalizations = finalizations;
    }

    @Override
    public void start() {
        finalizations.goOn();
        running = true;
    }

    @Override
    public void stop() {
        finalizations.stop();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return 100;
    }
}
