package org.vmfinalize.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vmfinalize.server.SetClock;
import org.vmfinalize.vcenter.UserSession;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;

/// Sessions of users who are here while nothing that they ask reaches vCenter.
class KeptAliveTest {

    private final SetClock clock = new SetClock();
    private final SessionCache sessions = new SessionCache(
            new SessionSettings(Duration.ofMinutes(10), Duration.ofHours(8)));
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private volatile @Nullable RuntimeException failure;

    /// Its reader is here all the time, as one who follows his job.
    private Caller use(Duration time) {
        var caller = sessions.findOrOpen("token", () -> new Caller(vcenter(), clock));
        for (var left = time; left.isPositive(); left = left.minusMinutes(1)) {
            clock.add(Duration.ofMinutes(1));
            assertThat(caller.stays()).isTrue();
        }
        return caller;
    }

    private VCenter vcenter() {
        return (VCenter) Proxy.newProxyInstance(VCenter.class.getClassLoader(), new Class<?>[]{VCenter.class},
                (_, method, _) -> {
                    if (method.getName().equals("user")) {
                        return new UserSession("alice", "Alice", "en");
                    }
                    calls.add(method.getName());
                    var thrown = failure;
                    if (thrown != null) {
                        throw thrown;
                    }
                    return method.getName().equals("virtualMachines") ? List.of() : null;
                });
    }

    private String nextCall() throws InterruptedException {
        return String.valueOf(calls.poll(60, TimeUnit.SECONDS));
    }

    @Test
    void vCenterIsRemindedOfASessionThatAskedNothingForTenMinutes() throws Exception {
        use(Duration.ofMinutes(11));

        sessions.keepAlive();

        assertThat(nextCall()).isEqualTo("keepAlive");
    }

    @Test
    void whoAsksVCenterHimselfNeedsNoReminder() throws Exception {
        use(Duration.ofMinutes(11)).ask(VCenter::virtualMachines);
        assertThat(nextCall()).isEqualTo("virtualMachines");

        assertThat(use(Duration.ofMinutes(5)).isSilent()).isFalse();
        sessions.keepAlive();
        assertThat(calls).isEmpty();

        assertThat(use(Duration.ofMinutes(6)).isSilent()).isTrue();
    }

    @Test
    void whoIsNotHereAnyMoreIsNotKeptAlive() {
        use(Duration.ofMinutes(1));
        clock.add(Duration.ofMinutes(11));

        sessions.endOverdue();
        sessions.keepAlive();

        assertThat(sessions.find("token")).isEmpty();
    }

    @Test
    void aSessionThatVCenterHasEndedIsOver() {
        var caller = use(Duration.ofMinutes(11));
        failure = new VCenterFault("CurrentTime", VCenterFault.NOT_AUTHENTICATED, "", "");

        caller.keepAlive();

        assertThat(caller.stays()).isFalse();
    }

    @Test
    void aVCenterThatIsAwayEndsNoSession() {
        var caller = use(Duration.ofMinutes(11));
        failure = new VCenterUnavailableException("away", false, null);

        caller.keepAlive();

        assertThat(caller.stays()).isTrue();
    }
}
