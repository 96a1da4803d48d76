package org.vmfinalize.lab.vcenter;

import java.util.List;
import org.vmfinalize.vcenter.VirtualMachine;

/// The inventory of the lab's vCenter at one moment.
///
/// @param machines   all virtual machines, in the order of their making
/// @param datastores the names of all datastores
public record LabInventory(String vcenter, String datacenter, String cluster, String host,
        List<VirtualMachine> machines, List<String> datastores) {

    public LabInventory {
        machines = List.copyOf(machines);
        datastores = List.copyOf(datastores);
    }
}
