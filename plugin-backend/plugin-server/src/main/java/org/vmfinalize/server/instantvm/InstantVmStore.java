package org.vmfinalize.server.instantvm;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The rows of the instant VMs.
@Component
class InstantVmStore {

    private final JdbcClient database;

    InstantVmStore(JdbcClient database) {
        this.database = database;
    }

    /// Remembers a machine before it is created, so that a crash in between leaves a trace.
    void insert(String id, String name, String datastore, String folder, @Nullable Instant takenAt,
            String createdBy,
            Instant createdAt) {
        database.sql("""
                INSERT INTO instant_vm (id, name, datastore, folder, taken_at, created_by, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)""")
                .params(id, name, datastore, folder)
                .param(takenAt == null ? null : Timestamp.from(takenAt))
                .param(createdBy)
                .param(Timestamp.from(createdAt))
                .update();
    }

    void setVmId(String id, String vmId) {
        database.sql("UPDATE instant_vm SET vm_id = ? WHERE id = ?").params(vmId, id).update();
    }

    void setName(String id, String name) {
        database.sql("UPDATE instant_vm SET name = ? WHERE id = ?").params(name, id).update();
    }

    void delete(String id) {
        database.sql("DELETE FROM instant_vm WHERE id = ?").param(id).update();
    }

    List<InstantVm> created() {
        return database.sql("SELECT * FROM instant_vm WHERE vm_id IS NOT NULL ORDER BY created_at")
                .query(InstantVmStore::read)
                .list();
    }

    /// The folders of machines whose creation was cut off by a crash, as `[datastore] folder`.
    List<String> halfCreated() {
        return database.sql("SELECT * FROM instant_vm WHERE vm_id IS NULL ORDER BY created_at")
                .query((row, _) -> "[" + row.getString("datastore") + "] " + row.getString("folder"))
                .list();
    }

    private static InstantVm read(ResultSet row, int number) throws SQLException {
        var takenAt = row.getTimestamp("taken_at");
        return new InstantVm(row.getString("id"), row.getString("vm_id"), row.getString("name"),
                row.getString("datastore"), row.getString("folder"),
                takenAt == null ? null : takenAt.toInstant(),
                row.getString("created_by"), row.getTimestamp("created_at").toInstant());
    }
}
