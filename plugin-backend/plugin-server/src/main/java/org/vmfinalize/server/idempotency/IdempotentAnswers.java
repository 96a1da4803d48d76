package org.vmfinalize.server.idempotency;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Knows which keys were used, for what, and what was answered. Keys are each user's own and are forgotten after a day.
///
/// **Threads:** any number.
@Component
class IdempotentAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(IdempotentAnswers.class);

    private static final Duration KEPT = Duration.ofHours(24);
    private static final int MOST_OF_ONE_USER = 10_000;

    private final AnswerStore store;
    private final Clock clock;
    /// What this server works on now: a row without an answer that is not here was left by one that was stopped.
    private final Set<Claim> working = ConcurrentHashMap.newKeySet();

    IdempotentAnswers(AnswerStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Lets the first request with a key go on.
    ///
    /// @return what was answered to the same request before; empty: go on, and end with [#answered] or [#failed]
    /// @throws Problem if the key cannot be used for this request now
    Optional<AnswerStore.Answer> claim(Claim claim) {
        if (store.count(claim.user()) >= MOST_OF_ONE_USER) {
            forgetOld();
            if (store.count(claim.user()) >= MOST_OF_ONE_USER) {
                throw new Problem(ProblemType.TOO_MANY_REQUESTS,
                        "Idempotency-Key: a user may have %d in 24 hours; send the request without one"
                                .formatted(MOST_OF_ONE_USER));
            }
        }
        store.forget(claim, clock.instant().minus(KEPT));
        // Before the row: who finds the row finds that it is being worked on.
        if (!working.add(claim)) {
            throw inUse(claim);
        }
        boolean mine = false;
        try {
            mine = store.claim(claim, clock.instant());
            return mine ? Optional.empty() : Optional.of(before(claim));
        } finally {
            if (!mine) {
                working.remove(claim);
            }
        }
    }

    private AnswerStore.Answer before(Claim claim) {
        var answer = store.find(claim).orElseThrow(() -> inUse(claim));
        if (!answer.hash().equals(claim.hash())) {
            throw new Problem(ProblemType.IDEMPOTENCY_KEY_REUSED,
                    "Idempotency-Key '%s': it was used for another request; take a new key for each request"
                            .formatted(claim.key()));
        }
        if (answer.status() == null) {
            // Nobody here works on it, so a server that was stopped has left it.
            throw new Problem(ProblemType.IDEMPOTENCY_KEY_INTERRUPTED,
                    "Idempotency-Key '%s': the server was stopped before it had answered this request; see what came of it, then take a new key"
                            .formatted(claim.key()));
        }
        return answer;
    }

    private static Problem inUse(Claim claim) {
        return new Problem(ProblemType.IDEMPOTENCY_KEY_IN_USE,
                "Idempotency-Key '%s': the first request with it is still being worked on; ask again in a moment"
                        .formatted(claim.key()));
    }

    /// Keeps an answer. A failure to do so does not keep it from being given.
    void answered(Claim claim, AnswerStore.Answer answer, int status) {
        try {
            store.answer(claim, status, answer.contentType(), answer.location(), answer.body());
        } catch (DataAccessException e) {
            LOG.error(
                    "Idempotency-Key '{}': the answer could not be kept; the same request is refused from now on",
                    claim.key(), e);
        } finally {
            working.remove(claim);
        }
    }

    /// Nothing was answered that is worth to be kept: the same request may be tried again.
    void failed(Claim claim) {
        try {
            store.release(claim);
        } finally {
            working.remove(claim);
        }
    }

    @Scheduled(fixedDelayString = "PT1H", initialDelayString = "PT1M")
    void forgetOld() {
        store.deleteBefore(clock.instant().minus(KEPT));
    }
}
