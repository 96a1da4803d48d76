package org.vmfinalize.server.datastore;

import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.NfsMount;

/// Which of our datastores hosts have, or may have, mounted: written down before vCenter is asked to mount.
///
/// **Threads:** any number.
@Component
class MountLedger {

    private final JdbcClient database;

    MountLedger(JdbcClient database) {
        this.database = database;
    }

    void aboutToMount(MoRef host, NfsMount mount) {
        try {
            database.sql(
                    "INSERT INTO host_mount (host, datastore, remote_host, remote_path) VALUES (?, ?, ?, ?)")
                    .params(host.value(), mount.datastoreName(), mount.remoteHost(), mount.remotePath())
                    .update();
        } catch (DuplicateKeyException _) {
            database.sql(
                    "UPDATE host_mount SET remote_host = ?, remote_path = ? WHERE host = ? AND datastore = ?")
                    .params(mount.remoteHost(), mount.remotePath(), host.value(), mount.datastoreName())
                    .update();
        }
    }

    void unmounted(MoRef host, String datastore) {
        database.sql("DELETE FROM host_mount WHERE host = ? AND datastore = ?")
                .params(host.value(), datastore)
                .update();
    }

    List<HostMount> all() {
        return database.sql("SELECT * FROM host_mount ORDER BY datastore, host")
                .query((row, _) -> new HostMount(new MoRef("HostSystem", row.getString("host")),
                        row.getString("datastore"), row.getString("remote_host"),
                        row.getString("remote_path")))
                .list();
    }
}
