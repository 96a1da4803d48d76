package org.vmfinalize.server.idempotency;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The rows of the answers.
///
/// **Threads:** any number; of two that claim the same key, the database lets one.
@Component
class AnswerStore {

    private final JdbcClient database;

    AnswerStore(JdbcClient database) {
        this.database = database;
    }

    /// @param hash of the request that the key was used for
    /// @param status null: not answered yet
    record Answer(String hash, @Nullable Integer status, @Nullable String contentType,
            @Nullable String location, String body) {}

    /// Takes a key for a request.
    ///
    /// @return false if the user has used the key already
    boolean claim(Claim claim, Instant now) {
        try {
            database.sql("""
                    INSERT INTO idempotent_answer (user_name, idempotency_key, request_hash, started_at)
                    VALUES (?, ?, ?, ?)""")
                    .params(claim.user(), claim.key(), claim.hash(), Timestamp.from(now)).update();
            return true;
        } catch (DuplicateKeyException _) {
            return false;
        }
    }

    Optional<Answer> find(Claim claim) {
        return database.sql("SELECT * FROM idempotent_answer WHERE user_name = ? AND idempotency_key = ?")
                .params(claim.user(), claim.key()).query(AnswerStore::read).optional();
    }

    void answer(Claim claim, int status, @Nullable String contentType, @Nullable String location,
            String body) {
        database.sql("""
                UPDATE idempotent_answer SET status = ?, content_type = ?, location = ?, body = ?
                WHERE user_name = ? AND idempotency_key = ?""")
                .param(status).param(contentType).param(location).param(body).param(claim.user())
                .param(claim.key()).update();
    }

    void release(Claim claim) {
        database.sql("DELETE FROM idempotent_answer WHERE user_name = ? AND idempotency_key = ?")
                .params(claim.user(), claim.key()).update();
    }

    int count(String user) {
        return database.sql("SELECT COUNT(*) FROM idempotent_answer WHERE user_name = ?").param(user)
                .query(Integer.class).single();
    }

    /// Takes the row of a key away if it is from before `time`.
    void forget(Claim claim, Instant time) {
        database.sql(
                "DELETE FROM idempotent_answer WHERE user_name = ? AND idempotency_key = ? AND started_at < ?")
                .params(claim.user(), claim.key(), Timestamp.from(time)).update();
    }

    void deleteBefore(Instant time) {
        database.sql("DELETE FROM idempotent_answer WHERE started_at < ?").param(Timestamp.from(time))
                .update();
    }

    private static Answer read(ResultSet row, int number) throws SQLException {
        int status = row.getInt("status");
        boolean answered = !row.wasNull();
        var body = row.getString("body");
        return new Answer(row.getString("request_hash"), answered ? status : null,
                row.getString("content_type"), row.getString("location"), body == null ? "" : body);
    }
}
