package org.vmfinalize.server.instantvm;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.Network;

/// An instant VM that somebody wants. What is left out is as the backup says, or as the server chooses.
///
/// Places in vCenter are given by their names or, where a name is not unique, by their ids.
///
/// @param name as it shall be called in vCenter
/// @param backup where the backup is: a path on the server, another location, or an id out of the list of backups
/// @param secondCopy where another copy of the same restore point is, which takes over when the first is away
/// @param datastore where its changes go: one of this server's, or any other that the hosts have
/// @param servedFrom the datastore of this server that serves the backup's disks, if `datastore` is another one; may be left
///        out if there is only one
/// @param powerOn whether it shall run at once; not said: yes
/// @param host where it runs first
/// @param cluster on a host of which it runs
/// @param resourcePool what it takes its share from; not said: that of the host or cluster
/// @param folder where it is found; not said: the data centre's own folder
/// @param networks which network takes the place of one that the backup names
/// @param network which takes the place of all others; `disconnected`: all network cards stay unplugged
/// @param keepMacs whether its network cards have the addresses of the original; not said: no
/// @param keepUuids whether it has the UUIDs of the original; not said: no
/// @param hardwareVersion of its virtual hardware, such as `vmx-19`; not said: the host's default
/// @param guestId the guest operating system in vSphere's words
/// @param cpus virtual CPUs
/// @param memoryMiB its memory
record VmStartRequest(@Nullable String name, @Nullable String backup, @Nullable String secondCopy,
        @Nullable String datastore, @Nullable String servedFrom,
        @Nullable Boolean powerOn, @Nullable String host, @Nullable String cluster,
        @Nullable String resourcePool, @Nullable String folder, @Nullable Map<String, String> networks,
        @Nullable String network, @Nullable Boolean keepMacs, @Nullable Boolean keepUuids,
        @Nullable String hardwareVersion, @Nullable String guestId, @Nullable Integer cpus,
        @Nullable Long memoryMiB) {

    private static final String DISCONNECTED = "disconnected";

    VmStartRequest {
        networks = networks == null ? Map.of() : Map.copyOf(networks);
    }

    boolean powersOn() {
        return !Boolean.FALSE.equals(powerOn);
    }

    /// Whether all network cards stay unplugged.
    boolean disconnected() {
        return DISCONNECTED.equals(network);
    }

    /// The network for all cards that `networks` says nothing of.
    Optional<String> networkForOthers() {
        return Optional.ofNullable(network).filter(name -> !name.isBlank() && !disconnected());
    }

    /// Whether a network is named, by its name or its id.
    boolean names(Network wanted) {
        return Stream.concat(networkMap().values().stream(), networkForOthers().stream())
                .anyMatch(text -> text.equals(wanted.name()) || text.equals(wanted.ref().value()));
    }

    Map<String, String> networkMap() {
        var map = networks;
        return map == null ? Map.of() : map;
    }
}
