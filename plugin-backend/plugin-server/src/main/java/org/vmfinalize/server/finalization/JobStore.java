package org.vmfinalize.server.finalization;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.hydration.PaceSettings;
import org.vmfinalize.hydration.Priority;
import tools.jackson.databind.json.JsonMapper;

/// The rows of the jobs.
///
/// **Threads:** any number; the database keeps two jobs from one machine.
@Component
class JobStore {

    private final JdbcClient database;
    private final JsonMapper json;

    JobStore(JdbcClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /// Adds an active job.
    ///
    /// @return false if its machine has one already
    boolean insert(Job job) {
        try {
            database.sql(
                    """
                            INSERT INTO finalization (id, vm_id, active_vm, vm_name, new_name, datastore, folder, provisioning,
                                bytes_per_second, latency_goal_millis, priority, verify, state, paused, reported, promotion, move, progress,
                                initiator, started_at)
                            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, FALSE, FALSE, ?, ?, ?, ?, ?)""")
                    .params(job.id(), job.vmId(), job.vmId(), job.vmName())
                    .param(job.newName())
                    .params(job.datastore(), job.folder(), job.provisioning().name(),
                            job.pace().bytesPerSecond(), millis(job.pace()), job.pace().priority().name(),
                            job.verify(),
                            Job.State.ACTIVE.name())
                    .param(job.promotion() == null ? null : json.writeValueAsString(job.promotion()))
                    .param(job.move() == null ? null : json.writeValueAsString(job.move()))
                    .param(text(job.progress()))
                    .param(job.initiator())
                    .param(Timestamp.from(job.startedAt()))
                    .update();
            return true;
        } catch (DuplicateKeyException _) {
            return false;
        }
    }

    /// Removes a job that never began.
    void delete(String id) {
        database.sql("DELETE FROM finalization WHERE id = ?").param(id).update();
    }

    void setTask(String id, String task) {
        database.sql("UPDATE finalization SET task = ? WHERE id = ?").params(task, id).update();
    }

    /// Whether a task belongs to any job, also one that is over.
    boolean knowsTask(String task) {
        return database.sql("SELECT COUNT(*) FROM finalization WHERE task = ?").param(task)
                .query(Integer.class).single() > 0;
    }

    void setPaused(String id, boolean paused) {
        database.sql("UPDATE finalization SET paused = ? WHERE id = ?").params(paused, id).update();
    }

    void setPromotion(String id, VCenterStep promotion) {
        database.sql("UPDATE finalization SET promotion = ? WHERE id = ?")
                .params(json.writeValueAsString(promotion), id).update();
    }

    void setMove(String id, Move move) {
        database.sql("UPDATE finalization SET move = ? WHERE id = ?")
                .params(json.writeValueAsString(move), id).update();
    }

    void setPace(String id, PaceSettings pace) {
        database.sql(
                """
                        UPDATE finalization SET bytes_per_second = ?, latency_goal_millis = ?, priority = ? WHERE id = ?""")
                .params(pace.bytesPerSecond(), millis(pace), pace.priority().name(), id).update();
    }

    private static long millis(PaceSettings pace) {
        return pace.latencyGoal().map(Duration::toMillis).orElse(0L);
    }

    private static PaceSettings pace(ResultSet row) throws SQLException {
        long goal = row.getLong("latency_goal_millis");
        return new PaceSettings(row.getLong("bytes_per_second"),
                goal == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(goal)),
                Priority.valueOf(row.getString("priority")));
    }

    void setProgress(String id, SavedProgress progress) {
        database.sql("UPDATE finalization SET progress = ? WHERE id = ?").param(text(progress)).param(id)
                .update();
    }

    void end(String id, Job.State state, @Nullable String failure, SavedProgress progress, Instant at) {
        database.sql("""
                UPDATE finalization SET active_vm = NULL, state = ?, failure = ?, progress = ?, ended_at = ?
                WHERE id = ?""")
                .param(state.name())
                .param(failure)
                .param(text(progress))
                .param(Timestamp.from(at))
                .param(id)
                .update();
    }

    void setReported(String id) {
        database.sql("UPDATE finalization SET reported = TRUE WHERE id = ?").param(id).update();
    }

    Optional<Job> find(String id) {
        return database.sql("SELECT * FROM finalization WHERE id = ?").param(id).query(this::read).optional();
    }

    /// The machines that have a job, be it over or not.
    List<String> vmIds() {
        return database.sql("SELECT DISTINCT vm_id FROM finalization")
                .query((row, _) -> row.getString("vm_id")).list();
    }

    /// All of them, without their progress.
    List<JobRow> rows() {
        return database
                .sql("""
                        SELECT id, vm_id, COALESCE(new_name, vm_name) AS name, datastore, state, initiator, started_at,
                            ended_at
                        FROM finalization""")
                .query(JobStore::row)
                .list();
    }

    private static JobRow row(ResultSet row, int number) throws SQLException {
        var endedAt = row.getTimestamp("ended_at");
        return new JobRow(row.getString("id"), row.getString("vm_id"), row.getString("name"),
                row.getString("datastore"), Job.State.valueOf(row.getString("state")),
                row.getString("initiator"), row.getTimestamp("started_at").toInstant(),
                endedAt == null ? null : endedAt.toInstant());
    }

    /// The newest ones of a datastore that ended well.
    List<Job> newestCompleted(String datastore, int most) {
        return database
                .sql("SELECT * FROM finalization WHERE datastore = ? AND state = ? ORDER BY ended_at DESC LIMIT ?")
                .params(datastore, Job.State.COMPLETED.name(), most)
                .query(this::read)
                .list();
    }

    /// What is to be gone on with after a restart: jobs that are not over, and those whose end vCenter does not know.
    List<Job> unfinished() {
        return database.sql("SELECT * FROM finalization WHERE state = ? OR NOT reported ORDER BY started_at")
                .param(Job.State.ACTIVE.name())
                .query(this::read)
                .list();
    }

    private @Nullable String text(@Nullable SavedProgress progress) {
        return progress == null ? null : json.writeValueAsString(progress);
    }

    private Job read(ResultSet row, int number) throws SQLException {
        var progress = row.getString("progress");
        var promotion = row.getString("promotion");
        var move = row.getString("move");
        var endedAt = row.getTimestamp("ended_at");
        return new Job(row.getString("id"), row.getString("vm_id"), row.getString("vm_name"),
                row.getString("new_name"), row.getString("datastore"), row.getString("folder"),
                Provisioning.valueOf(row.getString("provisioning")), pace(row), row.getBoolean("verify"),
                Job.State.valueOf(row.getString("state")), row.getBoolean("paused"), row.getString("failure"),
                row.getString("task"), row.getBoolean("reported"),
                promotion == null ? null : json.readValue(promotion, VCenterStep.class),
                move == null ? null : json.readValue(move, Move.class),
                progress == null ? null : json.readValue(progress, SavedProgress.class),
                row.getString("initiator"), row.getTimestamp("started_at").toInstant(),
                endedAt == null ? null : endedAt.toInstant());
    }
}
