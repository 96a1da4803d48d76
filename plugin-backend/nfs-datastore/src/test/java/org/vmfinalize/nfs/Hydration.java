package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.finalization.Finalization;
import org.vmfinalize.finalization.FinalizationOptions;
import org.vmfinalize.finalization.FinalizationState;

/// Finalizes in tests.
final class Hydration {

    private Hydration() {}

    /// Returns when all disks are plain files.
    static void hydrateAndSeal(InstantDisks disks) throws InterruptedException {
        Finalization job = Finalization.of(disks, FinalizationOptions.DEFAULT, _ -> {
        });
        job.start();
        assertThat(job.await().state()).isEqualTo(FinalizationState.COMPLETED);
    }
}
