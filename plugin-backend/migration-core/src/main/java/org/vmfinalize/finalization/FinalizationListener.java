package org.vmfinalize.finalization;

/// Is told when a finalization changes its state or its reason for waiting, by the job's own thread or by the caller of
/// the method that caused it. It must return soon and may ask for the progress.
@FunctionalInterface
public interface FinalizationListener {

    void changed(FinalizationProgress progress);
}
