package org.vmfinalize.server.vcenter;

import java.util.Optional;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterConnector;

/// Opens sessions with the vCenter of the settings, and with no other: an address that a caller names is never asked.
///
/// **Threads:** any number. Methods wait for the network.
@Component
public class VCenterGate {

    private final Optional<VCenterConnector> connector;

    VCenterGate(Optional<VCenterConnector> connector) {
        this.connector = connector;
    }

    /// Whether the settings name a vCenter. Without one the server serves its datastores and nothing else.
    public boolean isThere() {
        return connector.isPresent();
    }

    /// Opens a session with a password.
    public VCenter open(String userName, String password) {
        return connector().login(userName, password);
    }

    /// Opens a session for the user whose vSphere Client session `token` belongs to.
    public VCenter openByPluginToken(String token) {
        return connector().fromPluginSession(token);
    }

    private VCenterConnector connector() {
        return connector.orElseThrow(() -> new Problem(ProblemType.VCENTER_UNAVAILABLE,
                "vCenter: this server has been given none; set vmfinalize.vcenter.url and start it again"));
    }
}
