package org.vmfinalize.lab.vcenter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Element;

/// The order of elements in the WSDL, of what the lab understands. A real vCenter may refuse another order, and refuses
/// names that it does not know.
final class ElementOrder {

    /// By parent: its children in their order. A name that means several things is preceded by its method.
    private static final Map<String, List<String>> ORDER = table(
            """
                    Login: _this userName password locale
                    CloneSession: _this cloneTicket
                    HasPrivilegeOnEntities: _this entity sessionId privId
                    CreateContainerView: _this container type recursive
                    CreateListView: _this obj
                    ModifyListView: _this add remove
                    RetrievePropertiesEx: _this specSet options
                    ContinueRetrievePropertiesEx: _this token
                    CreateFilter: _this spec partialUpdates
                    WaitForUpdatesEx: _this version options
                    Rename_Task: _this newName
                    ReconfigVM_Task: _this spec
                    CreateVM_Task: _this config pool host
                    PowerOnVM_Task: _this host
                    PowerOffVM_Task: _this
                    UnregisterVM: _this
                    Destroy_Task: _this
                    PromoteDisks_Task: _this unlink disks
                    CheckRelocate_Task: _this vm spec testType
                    RelocateVM_Task: _this spec priority
                    CheckRelocate_Task.spec: service folder datastore diskMoveType pool host disk transform deviceChange profile
                    RelocateVM_Task.spec: service folder datastore diskMoveType pool host disk transform deviceChange profile
                    disk: diskId datastore diskMoveType diskBackingInfo profile backing
                    diskBackingInfo: fileName datastore backingObjectId diskMode split writeThrough thinProvisioned eagerlyScrub \
                    uuid
                    QueryConfigOptionDescriptor: _this
                    CreateNasDatastore: _this spec
                    RemoveDatastore: _this datastore
                    FindExtension: _this extensionKey
                    UnregisterExtension: _this extensionKey
                    RegisterExtension: _this extension
                    UpdateExtension: _this extension
                    CreateTask: _this obj taskTypeId initiatedBy cancelable parentTaskKey activationId
                    SetTaskState: _this state result fault
                    UpdateProgress: _this percentDone
                    SetTaskDescription: _this description
                    CancelTask: _this
                    PostEvent: _this eventToPost
                    QueryEvents: _this filter
                    CreateAlarm: _this entity spec
                    GetAlarm: _this entity
                    ReconfigureAlarm: _this spec
                    RemoveAlarm: _this
                    CreateAlarm.spec: name systemName description enabled expression action actionFrequency setting
                    ReconfigureAlarm.spec: name systemName description enabled expression action actionFrequency setting
                    expression: expression comparisons eventType eventTypeId objectType status
                    setting: toleranceRange reportingFrequency
                    AddCustomFieldDef: _this name moType
                    RemoveCustomFieldDef: _this key
                    SetField: _this entity key value
                    eventToPost: key chainId createdTime userName datacenter computeResource host vm ds net dvs \
                    fullFormattedMessage changeTag eventTypeId severity message arguments objectId objectType objectName fault
                    vm: name vm
                    host: name host
                    arguments: key value
                    filter: entity time userName eventChainId eventTypeId
                    specSet: propSet objectSet reportMissingObjectsInResults
                    CreateFilter.spec: propSet objectSet reportMissingObjectsInResults
                    propSet: type all pathSet
                    objectSet: obj skip selectSet
                    selectSet: name type path skip selectSet
                    options: maxObjects maxWaitSeconds maxObjectUpdates
                    ReconfigVM_Task.spec: changeVersion name version uuid instanceUuid locationId guestId alternateGuestName \
                    annotation files tools flags numCPUs numCoresPerSocket memoryMB deviceChange extraConfig bootOptions firmware managedBy
                    CreateVM_Task.config: changeVersion name version uuid instanceUuid locationId guestId alternateGuestName \
                    annotation files tools flags numCPUs numCoresPerSocket memoryMB deviceChange extraConfig bootOptions firmware managedBy
                    extraConfig: key value
                    bootOptions: efiSecureBootEnabled
                    connectable: startConnected allowGuestControl connected
                    port: switchUuid portgroupKey
                    files: vmPathName snapshotDirectory suspendDirectory logDirectory
                    managedBy: extensionKey type
                    deviceChange: operation fileOperation device profile backing
                    device: key deviceInfo backing connectable slotInfo controllerKey unitNumber capacityInKB capacityInBytes \
                    busNumber hotAddRemove sharedBus addressType macAddress
                    parent: fileName datastore backingObjectId diskMode split writeThrough thinProvisioned eagerlyScrub
                    backing: fileName datastore backingObjectId deviceName network diskMode split writeThrough thinProvisioned \
                    eagerlyScrub uuid contentId changeId parent port
                    CreateNasDatastore.spec: remoteHost remotePath localPath accessMode type userName password remoteHostNames
                    extension: description key company type version subjectName server client taskList eventList faultList \
                    privilegeList resourceList lastHeartbeatTime healthInfo ovfConsumerInfo extendedProductInfo \
                    managedEntityInfo shownInSolutionManager solutionManagerInfo
                    server: url description company type adminEmail serverThumbprint serverCertificate
                    client: version description company type url
                    taskList: taskID
                    eventList: eventID eventTypeSchema
                    faultList: faultID
                    privilegeList: privID privGroupName
                    resourceList: locale module data
                    data: key value
                    managedEntityInfo: type smallIconUrl iconUrl description
                    SetTaskDescription.description: key arg message
                    faultMessage: key arg message
                    """);

    private ElementOrder() {}

    /// Checks the parameters of a method, all the way down.
    ///
    /// @throws LabFault if an element is of another namespace, unknown, or at the wrong place
    static void check(Element call) {
        check(call, call.getLocalName());
    }

    private static void check(Element parent, String method) {
        var order = ORDER.getOrDefault(method + "." + parent.getLocalName(),
                ORDER.get(parent.getLocalName()));
        int reached = 0;
        for (var child : SoapRequest.children(parent)) {
            if (!SoapText.VIM.equals(child.getNamespaceURI())) {
                throw LabFault
                        .invalidRequest("<%s> must be of the namespace %s".formatted(child.getLocalName(),
                                SoapText.VIM));
            }
            if (order != null) {
                int place = order.indexOf(child.getLocalName());
                if (place < reached) {
                    throw LabFault.invalidRequest("<%s> is not known in <%s>, or not at this place".formatted(
                            child.getLocalName(), parent.getLocalName()));
                }
                reached = place;
            }
            check(child, method);
        }
    }

    private static Map<String, List<String>> table(String text) {
        var table = new HashMap<String, List<String>>();
        text.lines().forEach(line -> {
            var parts = line.split(": ", 2);
            table.put(parts[0], List.of(parts[1].strip().split("\\s+")));
        });
        return Map.copyOf(table);
    }
}
