package org.vmfinalize.server.finalization;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which finalizations are asked for. Its components are the names of the query's parameters; what is left out lets all
/// through.
///
/// @param state one of several, as [FinalizationView]
/// @param vm the id of a machine, or a part of its name, in any case
/// @param datastore the name of a datastore
/// @param initiator who asked for it
record FinalizationFilter(@Nullable List<String> state, @Nullable String vm, @Nullable String datastore,
        @Nullable String initiator) {

    boolean accepts(JobRow row, Supplier<String> rowState) {
        return (vm == null || row.vmId().equals(vm)
                || row.name().toLowerCase(Locale.ROOT).contains(vm.strip().toLowerCase(Locale.ROOT)))
                && (datastore == null || row.datastore().equals(datastore))
                && (initiator == null || row.initiator().equalsIgnoreCase(initiator))
                && (state == null || state.isEmpty() || state.contains(rowState.get()));
    }
}
