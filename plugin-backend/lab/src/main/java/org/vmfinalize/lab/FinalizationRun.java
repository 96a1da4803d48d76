package org.vmfinalize.lab;

import java.io.IOException;
import java.util.Optional;
import org.vmfinalize.lab.guest.Guest;
import org.vmfinalize.terminal.Terminal;

/// One finalization, from the request to its final state, with the progress bar and, if that is the plan, with the
/// server being killed half-way.
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
    private final Optional<Guest> guest;
    private int restarts;
    private boolean killed;

    FinalizationRun(LabPlan plan, Terminal terminal, LabSite site, Optional<Guest> guest) {
        this.plan = plan;
        this.terminal = terminal;
        this.site = site;
        this.guest = guest;
    }

    /// How often the server was killed.
    int restarts() {
        return restarts;
    }

    /// @throws PluginProblemException if the server refuses to finalize
    FinalizationStatus toItsEnd(InstantVm vm) throws IOException {
        long limit = plan.bytesPerSecond().orElseGet(() -> chosenLimit(vm.disks().getFirst().sizeBytes()));
        var id = site.api().finalizeVm(vm.id(), plan.newName(), plan.provisioning(), limit, plan.verify())
                .id();
        terminal.say("finalizing %s as %s%s".formatted(vm.name(), plan.newName(),
                limit == 0 ? "" : ", at most %d MiB/s (see --limit)".formatted(limit >> 20)));
        for (var status = site.api().finalization(id); !status.isFinal(); status = site.api()
                .finalization(id)) {
            follow(id);
        }
        terminal.clearBar();
        return site.api().finalization(id);
    }

    /// In bytes per second; 0 sets none.
    private long chosenLimit(long sizeBytes) {
        if (plan.restartServer()) {
            return Math.ceilDiv(sizeBytes, SECONDS_WITH_RESTART);
        }
        return plan.exit() ? 0 : Math.ceilDiv(sizeBytes, SECONDS_TO_WATCH);
    }

    private void follow(String id) throws IOException {
        try {
            site.api().follow(id, this::show);
        } catch (PluginProblemException e) {
            throw e;
        } catch (IOException e) {
            if (!killed) {
                throw e;
            }
        }
        if (killed) {
            killed = false;
            restarts++;
            terminal.say("the plugin server was killed half-way; starting it again");
            site.startServer();
        }
    }

    private void show(FinalizationStatus status) {
        if (killed) {
            return;
        }
        terminal.progress(status.state(), status.doneBytes(), status.totalBytes(),
                ProgressDetails.of(status, guest.map(Guest::report)));
        boolean isHalfWay = status.doneBytes() * 2 >= status.totalBytes();
        if (plan.restartServer() && restarts == 0 && isHalfWay && !status.isFinal()) {
            site.server().kill();
            killed = true;
        }
    }
}
