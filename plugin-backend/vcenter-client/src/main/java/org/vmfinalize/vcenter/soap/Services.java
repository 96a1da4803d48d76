package org.vmfinalize.vcenter.soap;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.AboutInfo;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;
import org.vmfinalize.vcenter.soap.vim.Service;

/// The managers of one vCenter, by the references that it gave itself.
record Services(AboutInfo about, MoRef rootFolder, MoRef propertyCollector, MoRef viewManager,
        MoRef sessionManager,
        MoRef authorizationManager, MoRef taskManager, MoRef extensionManager, MoRef eventManager,
        MoRef customFieldsManager, MoRef alarmManager, Optional<MoRef> provisioningChecker) {

    static Services of(Service.ServiceContent content) {
        return new Services(about(content.about), required(content.rootFolder, "rootFolder"),
                required(content.propertyCollector, "propertyCollector"),
                required(content.viewManager, "viewManager"),
                required(content.sessionManager, "sessionManager"),
                required(content.authorizationManager, "authorizationManager"),
                required(content.taskManager, "taskManager"),
                required(content.extensionManager, "extensionManager"),
                offered(content.eventManager, "EventManager"),
                offered(content.customFieldsManager, "CustomFieldsManager"),
                offered(content.alarmManager, "AlarmManager"),
                Texts.reference(content.vmProvisioningChecker));
    }

    private static AboutInfo about(Service.@Nullable About about) {
        if (about == null || Texts.orEmpty(about.instanceUuid).isEmpty()) {
            // An ESXi host has neither an instance nor most of the managers.
            throw new VCenterUnavailableException(
                    "the server says of itself no instance UUID; it must be a vCenter, not a host",
                    false, null);
        }
        return new AboutInfo(Texts.orEmpty(about.name), Texts.orEmpty(about.version),
                Texts.orEmpty(about.build),
                Texts.orEmpty(about.apiVersion), Texts.orEmpty(about.instanceUuid));
    }

    /// What not every server has: a call of it is then refused with the fault ManagedObjectNotFound.
    private static MoRef offered(@Nullable ManagedObjectReference reference, String type) {
        return reference == null ? new MoRef(type, type) : reference.toMoRef();
    }

    private static MoRef required(@Nullable ManagedObjectReference reference, String name) {
        if (reference == null) {
            throw new VCenterUnavailableException(
                    "the server has no %s; it must be a vCenter, not a host".formatted(name),
                    false, null);
        }
        return reference.toMoRef();
    }
}
