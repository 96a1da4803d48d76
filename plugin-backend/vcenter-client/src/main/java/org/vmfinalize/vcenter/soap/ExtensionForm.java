package org.vmfinalize.vcenter.soap;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.soap.vim.Description;
import org.vmfinalize.vcenter.soap.vim.Extensions;
import org.vmfinalize.vcenter.soap.vim.Extensions.ExtensionInfo;

/// Turns an [Extension] into the wire's form and back.
final class ExtensionForm {

    private ExtensionForm() {}

    /// @param heartbeat when the extension was last seen alive: the API asks for it
    static ExtensionInfo toWire(Extension extension, Instant heartbeat) {
        var wire = new ExtensionInfo();
        var description = Description.of(extension.label(), extension.summary());
        wire.description = description;
        wire.key = extension.key();
        wire.company = extension.company();
        wire.version = extension.version();
        for (var server : extension.servers()) {
            var info = new Extensions.ServerInfo();
            info.url = server.url();
            info.description = description;
            info.company = extension.company();
            info.type = server.type();
            info.adminEmail.addAll(server.adminEmails());
            server.thumbprint().ifPresent(thumbprint -> info.serverThumbprint = thumbprint);
            wire.server.add(info);
        }
        for (var client : extension.clients()) {
            var info = new Extensions.ClientInfo();
            info.version = extension.version();
            info.description = description;
            info.company = extension.company();
            info.type = client.type();
            info.url = client.url();
            wire.client.add(info);
        }
        addTypes(extension, wire);
        wire.lastHeartbeatTime = time(heartbeat);
        wire.shownInSolutionManager = false;
        return wire;
    }

    private static void addTypes(Extension extension, ExtensionInfo wire) {
        for (String id : extension.taskIds()) {
            var type = new Extensions.TaskType();
            type.taskID = id;
            wire.taskList.add(type);
        }
        for (String id : extension.eventIds()) {
            var type = new Extensions.EventType();
            type.eventID = id;
            wire.eventList.add(type);
        }
        for (String id : extension.faultIds()) {
            var type = new Extensions.FaultType();
            type.faultID = id;
            wire.faultList.add(type);
        }
        for (var privilege : extension.privileges()) {
            var info = new Extensions.PrivilegeInfo();
            info.privID = privilege.id();
            info.privGroupName = privilege.group();
            wire.privilegeList.add(info);
        }
        for (var resources : extension.resources()) {
            var info = new Extensions.ResourceInfo();
            info.locale = resources.locale();
            info.module = resources.module();
            resources.texts().forEach((key, value) -> {
                var text = new Extensions.Text();
                text.key = key;
                text.value = value;
                info.data.add(text);
            });
            wire.resourceList.add(info);
        }
        for (var entity : extension.managedEntities()) {
            var info = new Extensions.ManagedEntityInfo();
            info.type = entity.type();
            info.smallIconUrl = entity.smallIconUrl();
            info.iconUrl = entity.iconUrl();
            info.description = entity.description();
            wire.managedEntityInfo.add(info);
        }
    }

    static Extension fromWire(ExtensionInfo wire) {
        var label = wire.description == null ? "" : Texts.orEmpty(wire.description.label);
        var summary = wire.description == null ? "" : Texts.orEmpty(wire.description.summary);
        return new Extension(Texts.orEmpty(wire.key), Texts.orEmpty(wire.version),
                Texts.orEmpty(wire.company), label,
                summary,
                wire.server.stream().map(server -> new Extension.Server(Texts.orEmpty(server.url),
                        Texts.orEmpty(server.type), server.adminEmail,
                        Optional.ofNullable(server.serverThumbprint))).toList(),
                wire.client.stream().map(client -> new Extension.Client(Texts.orEmpty(client.url),
                        Texts.orEmpty(client.type))).toList(),
                wire.taskList.stream().map(type -> Texts.orEmpty(type.taskID)).toList(),
                wire.eventList.stream().map(type -> Texts.orEmpty(type.eventID)).toList(),
                wire.faultList.stream().map(type -> Texts.orEmpty(type.faultID)).toList(),
                wire.privilegeList.stream().map(info -> new Extension.Privilege(Texts.orEmpty(info.privID),
                        Texts.orEmpty(info.privGroupName))).toList(),
                resources(wire.resourceList),
                wire.managedEntityInfo.stream()
                        .map(info -> new Extension.ManagedEntity(Texts.orEmpty(info.type),
                                Texts.orEmpty(info.smallIconUrl), Texts.orEmpty(info.iconUrl),
                                Texts.orEmpty(info.description)))
                        .toList());
    }

    private static List<Extension.Resources> resources(List<Extensions.ResourceInfo> list) {
        var all = new ArrayList<Extension.Resources>();
        for (var info : list) {
            var texts = new LinkedHashMap<String, String>();
            info.data.forEach(text -> texts.put(Texts.orEmpty(text.key), Texts.orEmpty(text.value)));
            all.add(new Extension.Resources(Texts.orEmpty(info.locale), Texts.orEmpty(info.module), texts));
        }
        return all;
    }

    private static XMLGregorianCalendar time(Instant instant) {
        return DatatypeFactory.newDefaultInstance().newXMLGregorianCalendar(instant.toString());
    }
}
