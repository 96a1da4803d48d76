package org.vmfinalize.server.vcenter;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Tag;
import org.vmfinalize.vcenter.Tagging;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.automation.AutomationTagging;
import org.vmfinalize.vcenter.soap.Limits;

/// vSphere's tags of virtual machines, as the service account may see them. Nothing else depends on them: where vCenter
/// does not tell them there are none, and the log says why.
///
/// **Threads:** any number. Methods wait for the network.
@Component
public class VmTags implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(VmTags.class);

    private final VCenterSettings settings;
    private final ServiceAccount account;
    private final Object opening = new Object();
    private volatile @Nullable Tagging tagging;
    private volatile String lastTrouble = "";

    VmTags(VCenterSettings settings, ServiceAccount account) {
        this.settings = settings;
        this.account = account;
    }

    /// The tags of machines, asked for in one call.
    ///
    /// @return of those that have some
    public Map<MoRef, List<Tag>> of(Collection<MoRef> vms) {
        if (settings.url() == null) {
            return Map.of();
        }
        try {
            var found = tagging().tags(vms);
            lastTrouble = "";
            return found;
        } catch (VCenterException | Problem e) {
            tell(String.valueOf(e.getMessage()));
            return Map.of();
        }
    }

    /// Once, until something else is the matter: callers may ask often.
    private void tell(String trouble) {
        if (!trouble.equals(lastTrouble)) {
            lastTrouble = trouble;
            LOG.warn("tags: VMs are shown without them: {}", trouble);
        }
    }

    private Tagging tagging() {
        var open = tagging;
        if (open != null) {
            return open;
        }
        synchronized (opening) {
            open = tagging;
            if (open == null) {
                open = new AutomationTagging(settings.address(), Limits.DEFAULT, account.user(),
                        account.password());
                tagging = open;
            }
            return open;
        }
    }

    @Override
    public void destroy() {
        var open = tagging;
        if (open != null) {
            open.close();
        }
    }
}
