package org.vmfinalize.lab;

import java.io.IOException;
import org.vmfinalize.terminal.Terminal;

/// One finalization, from the request to its final state, with the progress bar and, if that is the plan, with the
/// server being ended half-way and started again.
///
/// **Threads:** one.
final class FinalizationRun {

    /// How long a finalization takes at least, in seconds, so that it has a half-way, and so that there is something
    /// to see.
    private static final int SECONDS_WITH_RESTART = 10;
    private static final int SECONDS_TO_WATCH = 20;

    private final LabPlan plan;
    private final Terminal terminal;
    private final LabSite site;
    private final VmGuest guest;
    private int restarts;

    FinalizationRun(LabPlan plan, Terminal terminal, LabSite site, VmGuest guest) {
        this.plan = plan;
        this.terminal = terminal;
        this.site = site;
        this.guest = guest;
    }

    /// How often the server was ended.
    int restarts() {
        return restarts;
    }

    /// @throws PluginProblemException if the server refuses to finalize
    FinalizationStatus toItsEnd(InstantVm vm) throws IOException {
        long limit = plan.bytesPerSecond().orElseGet(() -> chosenLimit(vm.disks().getFirst().sizeBytes()));
        var id = site.api().finalizeVm(vm.id(), plan.newName(), plan.provisioning(), limit, plan.verify())
                .id();
        terminal.say("finalizing %s as %s%s".formatted(vm.name(), plan.newName(),
                limit == 0
                        ? ""
                        : ", at most %.1f MiB/s (see --limit)".formatted(limit / (double) (1 << 20))));
        for (var status = site.api().finalization(id); !status.isFinal(); status = site.api()
                .finalization(id)) {
            site.api().follow(id, this::show);
            if (isTimeToInterrupt(site.api().finalization(id))) {
                interrupt();
            }
        }
        terminal.clearBar();
        return site.api().finalization(id);
    }

    /// In bytes per second; 0 sets none.
    private long chosenLimit(long sizeBytes) {
        return guest.bytesPerSecond().orElseGet(() -> {
            if (plan.interruption() != Interruption.NONE) {
                return Math.ceilDiv(sizeBytes, SECONDS_WITH_RESTART);
            }
            return plan.exit() ? 0 : Math.ceilDiv(sizeBytes, SECONDS_TO_WATCH);
        });
    }

    private void interrupt() throws IOException {
        plan.interruption().end(site.server());
        restarts++;
        terminal.say(
                "the plugin server was %s half-way; starting it again".formatted(plan.interruption().word()));
        site.startServer();
    }

    /// @return whether to go on showing
    private boolean show(FinalizationStatus status) {
        terminal.progress(status.state(), status.doneBytes(), status.totalBytes(),
                ProgressDetails.of(status, guest.fares()));
        return !isTimeToInterrupt(status);
    }

    private boolean isTimeToInterrupt(FinalizationStatus status) {
        boolean isHalfWay = status.doneBytes() * 2 >= status.totalBytes();
        return plan.interruption() != Interruption.NONE && restarts == 0 && isHalfWay && !status.isFinal();
    }
}
