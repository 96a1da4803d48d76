package org.vmfinalize.server.discard;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The rows of what is, or was, thrown away.
@Component
class DiscardStore {

    private final JdbcClient database;

    DiscardStore(JdbcClient database) {
        this.database = database;
    }

    /// Writes down that a machine is to be thrown away.
    ///
    /// @return false if that was written down already
    boolean insert(Discard discard) {
        try {
            database.sql("""
                    INSERT INTO discard (id, vm_id, vm_name, datastore, folder, keep_changes, guest_written,
                        initiator, started_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                    .params(discard.id(), discard.vmId(), discard.vmName(), discard.datastore(),
                            discard.folder())
                    .param(discard.keepChanges())
                    .params(discard.guestWrittenBytes(), discard.initiator(),
                            Timestamp.from(discard.startedAt()))
                    .update();
            return true;
        } catch (DuplicateKeyException _) {
            return false;
        }
    }

    void setKept(Discard discard) {
        database.sql("UPDATE discard SET kept_files = ?, guest_written = ? WHERE id = ?")
                .params(String.join("\n", discard.keptFiles()), discard.guestWrittenBytes(), discard.id())
                .update();
    }

    void end(Discard discard) {
        var at = discard.endedAt();
        database.sql("UPDATE discard SET ended_at = ? WHERE id = ?")
                .param(at == null ? null : Timestamp.from(at)).param(discard.id()).update();
    }

    /// Takes back that it is to be thrown away.
    void delete(String id) {
        database.sql("DELETE FROM discard WHERE id = ?").param(id).update();
    }

    Optional<Discard> ofVm(String vmId) {
        return database.sql("SELECT * FROM discard WHERE vm_id = ? ORDER BY started_at DESC LIMIT 1")
                .param(vmId).query(DiscardStore::read).optional();
    }

    Optional<Discard> find(String id) {
        return database.sql("SELECT * FROM discard WHERE id = ?").param(id).query(DiscardStore::read)
                .optional();
    }

    List<Discard> all() {
        return database.sql("SELECT * FROM discard").query(DiscardStore::read).list();
    }

    List<Discard> unfinished() {
        return database.sql("SELECT * FROM discard WHERE ended_at IS NULL ORDER BY started_at")
                .query(DiscardStore::read).list();
    }

    private static Discard read(ResultSet row, int number) throws SQLException {
        var files = row.getString("kept_files");
        var endedAt = row.getTimestamp("ended_at");
        return new Discard(row.getString("id"), row.getString("vm_id"), row.getString("vm_name"),
                row.getString("datastore"), row.getString("folder"), row.getString("keep_changes"),
                row.getLong("guest_written"),
                files == null ? List.of() : files.lines().toList(), row.getString("initiator"),
                row.getTimestamp("started_at").toInstant(), endedAt == null ? null : endedAt.toInstant());
    }
}
