package org.vmfinalize.server.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.VirtualMachine;

/// The user behind a request, with his own session in vCenter: what he must not do there he cannot do here.
///
/// **Threads:** any number.
public final class Caller {

    /// The request attribute under which a controller finds it.
    public static final String ATTRIBUTE = "caller";

    private static final Logger LOG = LoggerFactory.getLogger(Caller.class);

    /// How long a session that is used may ask vCenter nothing, which ends sessions by default after 30 minutes.
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    private final VCenter session;
    private final Clock clock;
    private final Instant since;
    private volatile Instant lastUse;
    private volatile Instant lastAsked;
    private volatile boolean ended;
    private volatile @Nullable Seen seen;

    Caller(VCenter session, Clock clock) {
        this.session = session;
        this.clock = clock;
        this.since = clock.instant();
        this.lastUse = since;
        this.lastAsked = since;
    }

    /// Such as `VSPHERE.LOCAL\alice`.
    public String userName() {
        return session.user().userName();
    }

    /// Whether his session still holds. For an answer that takes long: asking counts as a use of the session.
    public boolean stays() {
        lastUse = clock.instant();
        return !ended;
    }

    boolean isOver(SessionSettings settings) {
        var now = clock.instant();
        return ended || lastUse.plus(settings.idle()).isBefore(now)
                || since.plus(settings.maximum()).isBefore(now);
    }

    Instant lastUse() {
        return lastUse;
    }

    /// Asks vCenter as this user.
    ///
    /// @throws Problem UNAUTHORIZED if his session is over
    public <T extends @Nullable Object> T ask(Function<VCenter, T> question) {
        if (ended) {
            throw over(null);
        }
        lastAsked = clock.instant();
        try {
            return question.apply(session);
        } catch (VCenterFault fault) {
            if (fault.is(VCenterFault.NOT_AUTHENTICATED) || fault.is(VCenterFault.INVALID_LOGIN)) {
                ended = true;
                throw over(fault);
            }
            throw fault;
        }
    }

    /// Whether vCenter could soon take the session for forgotten: its user is here, but what he asks is answered without it.
    boolean isSilent() {
        return !ended && lastAsked.plus(LONGEST_SILENCE).isBefore(clock.instant());
    }

    /// Reminds vCenter of the session. One that vCenter has ended by then is over here, too.
    void keepAlive() {
        try {
            ask(vcenter -> {
                vcenter.keepAlive();
                return null;
            });
        } catch (VCenterException | Problem e) {
            LOG.debug("the session of {} was not kept alive: {}", userName(), e.getMessage());
        }
    }

    /// The machines that vCenter showed at a moment of [System#nanoTime()].
    private record Seen(Set<String> vms, long atNanos) {}

    /// The ids of the machines that vCenter shows him, asked for all at once. While vCenter is away it is what he saw last.
    ///
    /// @param age how old the answer may be: pages ask often
    /// @throws VCenterUnavailableException if it is away and he has seen nothing yet
    public Set<String> visibleVms(Duration age) {
        var last = seen;
        if (last != null && System.nanoTime() - last.atNanos < age.toNanos()) {
            return last.vms;
        }
        try {
            var now = new Seen(ask(vcenter -> vcenter.virtualMachines()).stream().map(vm -> vm.ref().value())
                    .collect(Collectors.toUnmodifiableSet()), System.nanoTime());
            seen = now;
            return now.vms;
        } catch (VCenterUnavailableException e) {
            if (last == null) {
                throw e;
            }
            return last.vms;
        }
    }

    /// Whether he has a privilege on the top of the inventory.
    public boolean hasOnTop(String privilege) {
        return ask(vcenter -> vcenter.hasPrivileges(vcenter.rootFolder(), List.of(privilege)));
    }

    /// Refuses if this user lacks a privilege on the top of the inventory.
    ///
    /// @param subject what it is needed for, such as `doctor`
    /// @throws Problem FORBIDDEN that names it
    public void requireOnTop(String subject, String privilege) {
        require(ask(VCenter::rootFolder), subject + " (on the top of the inventory)", List.of(privilege));
    }

    /// Refuses if this user lacks one of the privileges on `entity`.
    ///
    /// @param entityName how people call it, such as `VM db1`
    /// @throws Problem FORBIDDEN that names what is missing
    public void require(MoRef entity, String entityName, Collection<String> privileges) {
        var missing = ask(vcenter -> vcenter.missingPrivileges(entity, privileges));
        if (!missing.isEmpty()) {
            var names = new TreeSet<>(missing);
            throw new Problem(ProblemType.FORBIDDEN,
                    "%s: %s lacks the privilege %s; have it granted in vCenter"
                            .formatted(entityName, userName(), String.join(", ", names)))
                    .with("privileges", names);
        }
    }

    /// Refuses as [#require(MoRef, String, Collection)].
    public void require(Right right) {
        require(right.entity(), right.entityName(), right.privileges());
    }

    /// Which of the privileges this user lacks.
    public Set<String> missing(Right right) {
        return ask(vcenter -> vcenter.missingPrivileges(right.entity(), right.privileges()));
    }

    /// A virtual machine that this user may see.
    ///
    /// @param id its managed object id, such as `vm-51`
    /// @throws Problem VM_NOT_FOUND if vCenter shows him none
    public VirtualMachine virtualMachine(@Nullable String id) {
        if (id == null || !id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,79}")) {
            throw new Problem(ProblemType.VM_NOT_FOUND,
                    "vm: must be the id of a virtual machine, such as vm-51, but was %s".formatted(
                            id == null ? "missing" : "something else"));
        }
        try {
            return ask(vcenter -> vcenter.virtualMachine(MoRef.virtualMachine(id)));
        } catch (VCenterFault fault) {
            if (fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND) || fault.is(VCenterFault.NO_PERMISSION)) {
                throw new Problem(ProblemType.VM_NOT_FOUND,
                        "VM %s: vCenter shows no such virtual machine to %s; check the id".formatted(id,
                                userName()),
                        fault);
            }
            throw fault;
        }
    }

    void end() {
        ended = true;
        session.close();
    }

    private static Problem over(@Nullable Throwable cause) {
        return new Problem(ProblemType.UNAUTHORIZED, "session: it is over; log in again", cause);
    }
}
