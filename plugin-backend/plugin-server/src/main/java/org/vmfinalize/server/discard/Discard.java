package org.vmfinalize.server.discard;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An instant VM that is, or was, thrown away.
///
/// @param id the instant VM's own id
/// @param keepChanges where its changes are to be kept, relative to the folder for changes; null: nowhere
/// @param guestWrittenBytes what its guest had written
/// @param keptFiles the overlays with its changes, once they are written
/// @param endedAt when nothing was left to be done
record Discard(String id, String vmId, String vmName, String datastore, String folder,
        @Nullable String keepChanges, long guestWrittenBytes, List<String> keptFiles, String initiator,
        Instant startedAt, @Nullable Instant endedAt) {

    Discard {
        keptFiles = List.copyOf(keptFiles);
    }

    Discard kept(List<String> files) {
        return new Discard(id, vmId, vmName, datastore, folder, keepChanges, guestWrittenBytes, files,
                initiator, startedAt, endedAt);
    }

    Discard ended(Instant at) {
        return new Discard(id, vmId, vmName, datastore, folder, keepChanges, guestWrittenBytes, keptFiles,
                initiator, startedAt, at);
    }
}
