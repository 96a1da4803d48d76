package org.vmfinalize.server.lease;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.finalization.Finalizations;
import org.vmfinalize.server.instantvm.BackupHeld;
import org.vmfinalize.server.instantvm.BackupReleased;
import org.vmfinalize.server.instantvm.InstantVm;
import org.vmfinalize.server.instantvm.InstantVms;

/// Keeps the marks on backups in use fresh, and tells the lease hook of each that is held, renewed and given back.
///
/// **Threads:** any number.
@Component
public class Leases {

    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    private final InstantVms instantVms;
    private final Finalizations finalizations;
    private final LeaseHook hook;
    private final Clock clock;
    private final String server = ownName();

    Leases(InstantVms instantVms, Finalizations finalizations, LeaseHook hook, Clock clock) {
        this.instantVms = instantVms;
        this.finalizations = finalizations;
        this.hook = hook;
        this.clock = clock;
    }

    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "a host without a name";
        }
    }

    @EventListener
    void held(BackupHeld event) {
        renew(event.vm(), "held");
    }

    @EventListener
    void released(BackupReleased event) {
        hook.tell(notice(event.vm(), "released", event.vm().createdAt(), Optional.empty()));
    }

    /// Says anew of all backups in use who holds them and until about when.
    @Scheduled(fixedDelayString = "${vmfinalize.lease-renewal:5m}")
    public void renewAll() {
        instantVms.all().forEach(vm -> renew(vm, "renewed"));
    }

    private void renew(InstantVm vm, String event) {
        var disks = instantVms.disks(vm);
        if (disks.isEmpty()) {
            return;
        }
        var until = finalizations.timeLeft(vm.vmId())
                .map(left -> clock.instant().plus(left).truncatedTo(ChronoUnit.SECONDS));
        try {
            disks.get().renewLease("VM %s (%s), started by %s on %s, runs from it".formatted(vm.name(),
                    vm.vmId(), vm.createdBy(), server), until);
        } catch (IOException e) {
            LOG.warn("backup {}: the mark that VM {} runs from it cannot be renewed: {}", vm.backup(),
                    vm.name(), e.getMessage());
        }
        hook.tell(notice(vm, event, disks.get().since(), until));
    }

    private LeaseNotice notice(InstantVm vm, String event, Instant since, Optional<Instant> until) {
        return new LeaseNotice(event, vm.backup(), vm.id(), new LeaseNotice.Vm(vm.vmId(), vm.name()),
                vm.createdBy(), "vm-finalize", server, since, until.orElse(null));
    }
}
