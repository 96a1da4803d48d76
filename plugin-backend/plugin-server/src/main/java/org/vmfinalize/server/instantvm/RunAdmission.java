package org.vmfinalize.server.instantvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.server.plan.Objections;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.session.Right;
import org.vmfinalize.server.vcenter.VmName;
import org.vmfinalize.vcenter.VirtualHardware;

/// Looks at everything that may speak against running a machine from a backup, before anything is changed.
@Component
class RunAdmission {

    private final ChangesPlace places;
    private final BackupCheck backups;

    RunAdmission(ChangesPlace places, BackupCheck backups) {
        this.places = places;
        this.backups = backups;
    }

    /// What was found; a part is empty if it was refused, or could not be looked at for want of another one.
    ///
    /// @param rights all that the caller needs
    /// @param cardWarnings what people should know of the network cards
    /// @param changes the datastore for its changes, if it is none of ours
    record Found(Optional<String> name, Optional<Datastore> datastore,
            Optional<org.vmfinalize.vcenter.Datastore> changes, Optional<Destination> destination,
            List<Right> rights, Optional<BackupCheck.Checked> backup,
            Optional<List<VirtualHardware.NetworkCard>> cards, List<String> cardWarnings) {}

    /// @param done is told each step that took time
    Found look(Caller caller, VmStartRequest request, Objections objections, Consumer<String> done) {
        var name = objections.ask(() -> VmName.checked(request.name() == null ? "" : request.name()));
        var place = objections.ask(() -> places.find(caller, request));
        var changes = place.flatMap(ChangesPlace.Place::changes);
        var destinations = new Destinations(caller);
        var destination = objections.ask(() -> destinations.find(request)).flatMap(found -> objections
                .ask(() -> changes.map(store -> ChangesPlace.reachedBy(found, store)).orElse(found)));
        var rights = destination.map(found -> RunPrivileges.of(request, found, changes)).orElse(List.of());
        rights.forEach(right -> objections.check(() -> caller.require(right)));
        destination.ifPresent(found -> objections
                .check(() -> HardwareVersions.require(caller, request.hardwareVersion(), found)));
        done.accept("vcenter-look");
        var backup = objections.ask(() -> backups.open(request.backup()));
        done.accept("backup-open");
        var warnings = new ArrayList<String>();
        var cards = backup.flatMap(checked -> destination.flatMap(found -> objections
                .ask(() -> new NetworkCards(request, found.networks(), destinations, warnings)
                        .of(checked.hardware()))));
        // Whether it is a machine at all is seen before anything is done for it.
        cards.ifPresent(found -> objections.check(() -> MachineHardware.checked(request,
                backup.orElseThrow().hardware(), found)));
        return new Found(name, place.map(ChangesPlace.Place::served), changes, destination, rights, backup,
                cards, List.copyOf(warnings));
    }
}
