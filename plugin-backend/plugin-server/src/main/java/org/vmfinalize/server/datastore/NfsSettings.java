package org.vmfinalize.server.datastore;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the datastores are served.
///
/// @param address the address to listen at
/// @param port of NFS; 0 for any that is free
/// @param mountPort of MOUNT; 0 for any that is free
/// @param portmapperPort of the portmapper; 0 for any that is free, -1 for none
/// @param advertisedHost the name or address by which hosts reach this server; without one, `address`
/// @param clients the networks whose hosts may mount, such as `10.0.7.0/24`; not said: this machine alone
@ConfigurationProperties("vmfinalize.nfs")
record NfsSettings(@DefaultValue("127.0.0.1") String address, @DefaultValue("2049") int port,
        @DefaultValue("20048") int mountPort, @DefaultValue("111") int portmapperPort,
        @Nullable String advertisedHost, @DefaultValue({
                "127.0.0.0/8", "::1"}) List<String> clients) {

    String remoteHost() {
        return advertisedHost == null || advertisedHost.isBlank() ? address : advertisedHost;
    }
}
