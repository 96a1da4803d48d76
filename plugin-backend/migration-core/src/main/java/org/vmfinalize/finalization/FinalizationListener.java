package org.vmfinalize.finalization;

/// Is told when a finalization changes its state or its reason for waiting, by the job's own thread or by the caller of
/// the method that caused it. It must return soon and may ask for the progress.
///
/// It hears of [FinalizationState#SEALING] before any disk is sealed, and sealing waits for it: what should outlive a crash
/// from then on is to be stored there.
@FunctionalInterface
public interface FinalizationListener {

    void changed(FinalizationProgress progress);
}
