package org.vmfinalize.server.instantvm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.plan.WarningType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.vcenter.MachineIdentity;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VirtualHardware;

/// What a machine shares, or would share, with one that is still there, most likely the original.
///
/// Addresses of network cards are compared with those machines that have the same UUID or the original's name: to read the
/// devices of all machines would take too long.
public final class Clashes {

    private final Caller caller;

    public Clashes(Caller caller) {
        this.caller = caller;
    }

    /// Those of a machine that is to be made; none if it keeps nothing.
    ///
    /// @param originalName what the backup calls the machine
    List<Plan.Clash> of(VirtualHardware hardware, String originalName) {
        var macs = new HashSet<String>();
        hardware.cards().forEach(card -> card.mac().ifPresent(macs::add));
        if (macs.isEmpty() && hardware.uuid().isEmpty() && hardware.instanceUuid().isEmpty()) {
            return List.of();
        }
        return shared(caller.ask(vcenter -> vcenter.identities()), macs, hardware.uuid().orElse(""),
                hardware.instanceUuid().orElse(""), originalName);
    }

    /// Those of a machine that is there.
    ///
    /// @param originalName what the backup calls it
    public List<Plan.Clash> of(MoRef vm, String originalName) {
        var all = caller.ask(vcenter -> vcenter.identities());
        var own = all.stream().filter(one -> one.ref().equals(vm)).findFirst();
        var others = all.stream().filter(one -> !one.ref().equals(vm)).toList();
        return shared(others, caller.ask(vcenter -> vcenter.macAddresses(vm)),
                own.map(MachineIdentity::uuid).orElse(""),
                own.map(MachineIdentity::instanceUuid).orElse(""), originalName);
    }

    /// Who has `name` in a folder, where it must be unique.
    ///
    /// @param self the machine that may have it; none for one that is to be made
    public Optional<Plan.Clash> ofName(String name, MoRef folder, Optional<MoRef> self) {
        return caller.ask(vcenter -> vcenter.identities()).stream()
                .filter(one -> one.name().equalsIgnoreCase(name) && one.folder().equals(Optional.of(folder))
                        && !self.equals(Optional.of(one.ref())))
                .findFirst().map(one -> clash("name", one.name(), one));
    }

    private List<Plan.Clash> shared(List<MachineIdentity> others, Set<String> macs, String uuid,
            String instanceUuid, String originalName) {
        var found = new ArrayList<Plan.Clash>();
        for (var other : others) {
            boolean sameUuid = isSame(uuid, other.uuid());
            boolean sameInstance = isSame(instanceUuid, other.instanceUuid());
            if (sameUuid) {
                found.add(clash("bios-uuid", other.uuid(), other));
            }
            if (sameInstance) {
                found.add(clash("instance-uuid", other.instanceUuid(), other));
            }
            if (!macs.isEmpty() && (sameUuid || sameInstance || other.name().equals(originalName))) {
                Set<String> own = caller.ask(vcenter -> vcenter.macAddresses(other.ref()));
                var shared = new TreeSet<String>(own);
                shared.retainAll(macs);
                shared.forEach(mac -> found.add(clash("mac", mac, other)));
            }
        }
        return List.copyOf(found);
    }

    private static Plan.Clash clash(String kind, String value, MachineIdentity other) {
        return new Plan.Clash(kind, value, new Plan.Vm(other.ref().value(), other.name()));
    }

    /// A warning for each but those of names, which vCenter refuses.
    public static List<Plan.Remark> warnings(List<Plan.Clash> clashes) {
        return clashes.stream().filter(clash -> !clash.kind().equals("name"))
                .map(clash -> Plan.Remark.of(
                        clash.kind().equals("mac") ? WarningType.MAC_CLASH : WarningType.UUID_CLASH,
                        sentence(clash)))
                .distinct().toList();
    }

    private static String sentence(Plan.Clash clash) {
        return clash.kind().equals("mac")
                ? "MAC %s: VM %s, which is still there, has the same; power it off or disconnect one of them"
                        .formatted(clash.value(), clash.vm().name())
                : "UUID: VM %s, which is still there, has the same; licences and backup programs may take them for one"
                        .formatted(clash.vm().name());
    }

    private static boolean isSame(String one, String other) {
        return !one.isEmpty() && one.equalsIgnoreCase(other);
    }
}
