package org.vmfinalize.server.instantvm;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.VirtualMachine;

/// Which instant VMs are asked for. Its components are the names of the query's parameters; what is left out lets all
/// through.
///
/// @param name a part of the machine's name, in any case
/// @param datastore the name of a datastore
/// @param powerState as [InstantVmView]
/// @param finalizing whether it is being finalized
record InstantVmFilter(@Nullable String name, @Nullable String datastore, @Nullable String powerState,
        @Nullable Boolean finalizing) {

    boolean accepts(InstantVm vm, VirtualMachine machine, boolean isFinalizing) {
        return (name == null || machine.name().toLowerCase(Locale.ROOT)
                .contains(name.strip().toLowerCase(Locale.ROOT)))
                && (datastore == null || vm.datastore().equals(datastore))
                && (powerState == null || InstantVmView.powerState(machine).equals(powerState))
                && (finalizing == null || finalizing == isFinalizing);
    }
}
