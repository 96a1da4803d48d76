package org.vmfinalize.server.instantvm;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.datastore.ParentFolders;
import org.vmfinalize.server.instantvm.InstantVm.Step;

/// The rows of the instant VMs.
@Component
class InstantVmStore implements ParentFolders {

    private final JdbcClient database;

    InstantVmStore(JdbcClient database) {
        this.database = database;
    }

    /// Remembers a machine before anything is done for it.
    ///
    /// @return false if another one has its folder
    boolean insert(InstantVm vm) {
        var takenAt = vm.takenAt();
        try {
            database.sql(
                    """
                            INSERT INTO instant_vm
                                (id, name, datastore, folder, backup, taken_at, created_by, created_at, step, power_on,
                                 changes_id, changes_name)
                            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                    .params(vm.id(), vm.name(), vm.datastore(), vm.folder(), vm.backup())
                    .param(takenAt == null ? null : Timestamp.from(takenAt))
                    .param(vm.createdBy())
                    .param(Timestamp.from(vm.createdAt()))
                    .param(vm.step().name())
                    .param(vm.powerOn())
                    .param(vm.changes() == null ? null : vm.changes().id())
                    .param(vm.changes() == null ? null : vm.changes().name())
                    .update();
            return true;
        } catch (DuplicateKeyException _) {
            return false;
        }
    }

    void setStep(String id, Step step) {
        database.sql("UPDATE instant_vm SET step = ? WHERE id = ?").params(step.name(), id).update();
    }

    void setVmId(String id, String vmId, Step step) {
        database.sql("UPDATE instant_vm SET vm_id = ?, step = ? WHERE id = ?").params(vmId, step.name(), id)
                .update();
    }

    void setName(String id, String name) {
        database.sql("UPDATE instant_vm SET name = ? WHERE id = ?").params(name, id).update();
    }

    void setBackupUnreachable(String id, boolean unreachable) {
        database.sql("UPDATE instant_vm SET backup_unreachable = ? WHERE id = ?").params(unreachable, id)
                .update();
    }

    /// Our own ids of the machines whose backup vCenter was told not to be reachable.
    List<String> withUnreachableBackup() {
        return database.sql("SELECT id FROM instant_vm WHERE backup_unreachable")
                .query((row, _) -> row.getString("id")).list();
    }

    @Override
    public List<ParentFolder> parentFolders() {
        return database.sql("SELECT datastore, folder FROM instant_vm WHERE changes_id IS NOT NULL")
                .query((row, _) -> new ParentFolder(row.getString("datastore"), row.getString("folder")))
                .list();
    }

    void delete(String id) {
        database.sql("DELETE FROM instant_vm WHERE id = ?").param(id).update();
    }

    List<InstantVm> running() {
        return database.sql("SELECT * FROM instant_vm WHERE step = ? ORDER BY created_at")
                .param(Step.RUNNING.name())
                .query(InstantVmStore::read)
                .list();
    }

    /// Those whose making, or undoing, has not come to its end.
    List<InstantVm> halfMade() {
        return database.sql("SELECT * FROM instant_vm WHERE step <> ? ORDER BY created_at")
                .param(Step.RUNNING.name())
                .query(InstantVmStore::read)
                .list();
    }

    private static InstantVm read(ResultSet row, int number) throws SQLException {
        var takenAt = row.getTimestamp("taken_at");
        var vmId = row.getString("vm_id");
        var backup = row.getString("backup");
        var changes = row.getString("changes_id");
        return new InstantVm(row.getString("id"), vmId == null ? "" : vmId, row.getString("name"),
                row.getString("datastore"), row.getString("folder"), backup == null ? "" : backup,
                takenAt == null ? null : takenAt.toInstant(), row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(), Step.valueOf(row.getString("step")),
                row.getBoolean("power_on"),
                changes == null ? null : new InstantVm.Changes(changes, row.getString("changes_name")));
    }
}
