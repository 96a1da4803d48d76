package org.vmfinalize.server.vcenter;

import java.io.IOException;
import java.nio.file.Files;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.vcenter.VCenter;

/// The server's own session with vCenter, for work that outlives a user's session.
///
/// It is opened when it is first needed; the session itself logs in again when vCenter has forgotten it.
///
/// **Threads:** any number.
@Component
public class ServiceAccount implements DisposableBean {

    private final VCenterGate gate;
    private final VCenterSettings settings;

    private final Object opening = new Object();
    private volatile @Nullable VCenter session;

    ServiceAccount(VCenterGate gate, VCenterSettings settings) {
        this.gate = gate;
        this.settings = settings;
    }

    /// Asks vCenter something, or has it do something.
    ///
    /// @throws org.vmfinalize.vcenter.VCenterException if it refuses or is away
    /// @throws Problem if the settings name no vCenter or no service account
    public <T extends @Nullable Object> T ask(Function<VCenter, T> question) {
        return question.apply(session());
    }

    private VCenter session() {
        var open = session;
        if (open != null) {
            return open;
        }
        // Held while vCenter is asked: whoever comes meanwhile needs the same session and would only open a second one.
        synchronized (opening) {
            open = session;
            if (open == null) {
                open = gate.open(user(), password());
                session = open;
            }
            return open;
        }
    }

    String user() {
        var user = settings.user();
        if (user == null || user.isBlank()) {
            throw new Problem(ProblemType.VCENTER_UNAVAILABLE,
                    "vCenter: the server has no account there; set vmfinalize.vcenter.user and vmfinalize.vcenter.password-file");
        }
        return user;
    }

    String password() {
        var file = settings.passwordFile();
        if (file == null) {
            throw new Problem(ProblemType.VCENTER_UNAVAILABLE,
                    "vCenter: the server has no password for its account there; set vmfinalize.vcenter.password-file");
        }
        try {
            return Files.readString(file).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw new Problem(ProblemType.VCENTER_UNAVAILABLE,
                    "%s: the password of the service account cannot be read; check vmfinalize.vcenter.password-file and its permissions"
                            .formatted(file),
                    e);
        }
    }

    @Override
    public void destroy() {
        var open = session;
        if (open != null) {
            open.close();
        }
    }
}
