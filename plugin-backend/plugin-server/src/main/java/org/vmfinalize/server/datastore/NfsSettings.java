package org.vmfinalize.server.datastore;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.vmfinalize.nfs.NfsSettings.WhenBackupUnavailable;

/// Where the datastores are served.
///
/// @param address the address to listen at
/// @param port of NFS; 0 for any that is free
/// @param mountPort of MOUNT; 0 for any that is free
/// @param portmapperPort of the portmapper; 0 for any that is free, -1 for none
/// @param advertisedHost the name or address by which hosts reach this server; without one, `address`
/// @param clients the networks whose hosts may mount, such as `10.0.7.0/24` or `10.0.8.5(ro root_squash)`; not said: this
///        machine alone
/// @param whenBackupUnavailable what a host is told about a read that needs a backup which stays away: `try-later` or `fail`
/// @param backupPatience how long such a read waits before
/// @param connections most TCP connections of all hosts
/// @param connectionsPerClient most TCP connections of one host
/// @param everyWriteStable for QEMU guests; see [org.vmfinalize.nfs.NfsSettings]
@ConfigurationProperties("vmfinalize.nfs")
record NfsSettings(@DefaultValue("127.0.0.1") String address, @DefaultValue("2049") int port,
        @DefaultValue("20048") int mountPort, @DefaultValue("111") int portmapperPort,
        @Nullable String advertisedHost, @DefaultValue({
                "127.0.0.0/8", "::1"}) List<String> clients,
        @DefaultValue("try-later") WhenBackupUnavailable whenBackupUnavailable,
        @DefaultValue("2m") Duration backupPatience,
        @DefaultValue("512") int connections, @DefaultValue("128") int connectionsPerClient,
        boolean everyWriteStable) {

    String remoteHost() {
        return advertisedHost == null || advertisedHost.isBlank() ? address : advertisedHost;
    }
}
