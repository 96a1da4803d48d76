package org.vmfinalize.server.plugin;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.info.BuildProperties;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.tls.SelfSignedCertificate;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VCenterGate;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;

/// Registers the plugin with vCenter, and keeps at it while vCenter is away.
///
/// **Threads:** the starting one, then the scheduler's.
@Component
public class Registration {

    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final PluginSettings settings;
    private final VCenterGate gate;
    private final ServiceAccount vcenter;
    private final SelfSignedCertificate certificate;
    private final BuildProperties build;
    private volatile @Nullable Extension wanted;
    private volatile @Nullable Extension pending;

    Registration(PluginSettings settings, VCenterGate gate, ServiceAccount vcenter,
            SelfSignedCertificate certificate, BuildProperties build) {
        this.settings = settings;
        this.gate = gate;
        this.vcenter = vcenter;
        this.certificate = certificate;
        this.build = build;
    }

    /// Registers if the settings want it. A vCenter that is away is asked again later: the server works without it.
    ///
    /// @param ownUrl where the server listens
    public void register(URI ownUrl) {
        var publicUrl = settings.publicUrl() == null || settings.publicUrl().toString().isBlank()
                ? ownUrl
                : settings.publicUrl();
        var extension = PluginExtension.of(version(), publicUrl.toString().replaceFirst("/+$", ""),
                certificate.thumbprint());
        wanted = extension;
        if (settings.registerExtension() && gate.isThere()) {
            pending = extension;
            tryAgain();
        }
    }

    /// What this server registers.
    ///
    /// @throws Problem while the server is starting
    Extension wanted() {
        var extension = wanted;
        if (extension == null) {
            throw new Problem(ProblemType.INVALID_STATE,
                    "registration: the server is starting; ask again in a moment");
        }
        return extension;
    }

    /// Takes the registration away, and what it has left in vCenter.
    void remove(VCenter session) {
        pending = null;
        takeAway(session);
    }

    /// The same where no server runs.
    static void takeAway(VCenter session) {
        session.removeAlarm(VmFinalizeKeys.ALARM_BACKUP.name());
        if (session.findExtension(VmFinalizeKeys.EXTENSION).isPresent()) {
            session.unregisterExtension(VmFinalizeKeys.EXTENSION);
            LOG.info("plugin: registration with {} taken away", session.about().name());
        }
        session.removeAttribute(VmFinalizeKeys.ATTRIBUTE_BACKUP);
    }

    @Scheduled(fixedDelayString = "PT10S", initialDelayString = "PT10S")
    void tryAgain() {
        var extension = pending;
        if (extension == null) {
            return;
        }
        try {
            vcenter.ask(session -> bringUpToDate(session, extension));
            vcenter.ask(Registration::attemptAlarm);
            pending = null;
        } catch (VCenterException | Problem | IllegalStateException e) {
            LOG.warn("plugin: not registered yet, tried again in 10 s: {}", e.getMessage());
        }
    }

    static Extension bringUpToDate(VCenter session, Extension wanted) {
        var registered = session.findExtension(wanted.key());
        if (registered.isEmpty()) {
            session.registerExtension(wanted);
            LOG.info("plugin: registered with {}, {}", session.about().name(),
                    wanted.servers().getFirst().url());
        } else if (!registered.get().equals(wanted)) {
            session.updateExtension(wanted);
            LOG.info("plugin: registration brought up to date, {}", wanted.servers().getFirst().url());
        }
        return wanted;
    }

    /// Events tell the same: without the privilege to define alarms there is none.
    private static boolean attemptAlarm(VCenter session) {
        try {
            session.defineAlarm(VmFinalizeKeys.ALARM_BACKUP);
            return true;
        } catch (VCenterFault fault) {
            LOG.info("plugin: vCenter does not take the alarm '{}'; nothing else depends on it: {}",
                    VmFinalizeKeys.ALARM_BACKUP.name(), fault.getMessage());
            return false;
        }
    }

    private String version() {
        return numbers(build.getVersion());
    }

    /// vCenter takes numbers and dots only.
    static String numbers(@Nullable String version) {
        return (version == null ? "0.0.0" : version.replaceFirst("-.*$", "")) + ".0";
    }
}
