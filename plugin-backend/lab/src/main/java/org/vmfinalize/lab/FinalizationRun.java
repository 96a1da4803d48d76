package org.vmfinalize.lab;

import java.io.IOException;
import java.util.Optional;
import org.vmfinalize.lab.guest.Guest;

/// One finalization, from the request to its final state, with the progress bar and, if that is the plan, with the
/// server being killed half-way.
///
/// **Threads:** one.
final class FinalizationRun {

    /// With a restart on the way the finalization is held to this time at least, so that there is a half-way.
    private static final int SECONDS_WITH_RESTART = 10;

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
        long limit = plan.restartServer()
                ? Math.ceilDiv(vm.disks().getFirst().sizeBytes(), SECONDS_WITH_RESTART)
                : 0;
        var id = site.api().finalizeVm(vm.id(), plan.newName(), plan.provisioning(), limit).id();
        terminal.say("finalizing %s as %s".formatted(vm.name(), plan.newName()));
        for (var status = site.api().finalization(id); !status.isFinal(); status = site.api()
                .finalization(id)) {
            follow(id);
        }
        terminal.clearBar();
        return site.api().finalization(id);
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
