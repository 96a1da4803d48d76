package org.vmfinalize.server.instantvm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.vcenter.MachineIdentity;
import org.vmfinalize.vcenter.VirtualHardware;

/// What a new machine would share with one that is still there, most likely the original.
final class Clashes {

    private final Caller caller;

    Clashes(Caller caller) {
        this.caller = caller;
    }

    /// A sentence for each; none if the new machine keeps nothing.
    ///
    /// Addresses of network cards are compared with those machines that have the same UUID or the original's name: to read
    /// the devices of all machines would take too long.
    ///
    /// @param originalName what the backup calls the machine
    List<String> warnings(VirtualHardware hardware, String originalName) {
        var macs = new HashSet<String>();
        hardware.cards().forEach(card -> card.mac().ifPresent(macs::add));
        if (macs.isEmpty() && hardware.uuid().isEmpty() && hardware.instanceUuid().isEmpty()) {
            return List.of();
        }
        var found = new ArrayList<String>();
        for (var other : caller.ask(vcenter -> vcenter.identities())) {
            boolean sameUuid = isSame(hardware.uuid().orElse(""), other.uuid());
            boolean sameInstance = isSame(hardware.instanceUuid().orElse(""), other.instanceUuid());
            if (sameUuid || sameInstance) {
                found.add(
                        "UUID: VM %s, which is still there, has the same; licences and backup programs may take them for one"
                                .formatted(other.name()));
            }
            if (!macs.isEmpty() && (sameUuid || sameInstance || other.name().equals(originalName))) {
                clashOf(macs, other, found);
            }
        }
        return List.copyOf(found);
    }

    private void clashOf(Set<String> macs, MachineIdentity other, List<String> found) {
        var shared = new HashSet<>(caller.ask(vcenter -> vcenter.macAddresses(other.ref())));
        shared.retainAll(macs);
        if (!shared.isEmpty()) {
            found.add(
                    "MAC %s: VM %s, which is still there, has the same; power it off or disconnect one of them"
                            .formatted(String.join(", ", shared), other.name()));
        }
    }

    private static boolean isSame(String one, String other) {
        return !one.isEmpty() && one.equalsIgnoreCase(other);
    }
}
