package org.vmfinalize.server.receipt;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.vmfinalize.receipts.DiskFound;
import org.vmfinalize.receipts.Receipt;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Reads finished disks again, one machine's after another's, each on a virtual thread `verification-ID` that ends with it.
/// What was found last is kept in memory.
///
/// **Threads:** any number.
@Component
public class Verifications {

    private static final Logger LOG = LoggerFactory.getLogger(Verifications.class);
    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final Receipts receipts;
    private final Datastores datastores;
    private final Clock clock;
    private final Map<String, Verification> latest = new ConcurrentHashMap<>();
    private final Semaphore turn = new Semaphore(1, true);

    Verifications(Receipts receipts, Datastores datastores, Clock clock) {
        this.receipts = receipts;
        this.datastores = datastores;
        this.clock = clock;
    }

    /// A look at the disks of one finalization.
    ///
    /// @param state `running`, `right`, `wrong`, or `failed` if a disk could not be read
    /// @param failure why it could not
    /// @param disks what was found so far
    public record Verification(String state, @Nullable String failure, List<DiskView> disks,
            Instant startedAt,
            @Nullable Instant endedAt) {

        public Verification {
            disks = List.copyOf(disks);
        }
    }

    /// What was found of one disk.
    ///
    /// @param text one line for people
    public record DiskView(String name, boolean right, DiskFound.@Nullable Wrong wrong, int wrongLeaves,
            int unsettledLeaves, boolean writtenSince, String text) {}

    /// Begins to read the disks; does nothing new while they are being read.
    ///
    /// @throws Problem if there is no receipt, or it has no digests
    public Verification start(String finalization) {
        var receipt = receipt(finalization);
        var begun = new Verification("running", null, List.of(), now(), null);
        var isNew = new AtomicBoolean();
        var now = latest.compute(finalization, (_, old) -> {
            isNew.set(old == null || !old.state().equals("running"));
            return isNew.get() ? begun : old;
        });
        if (isNew.get()) {
            Thread.ofVirtual().name("verification-" + finalization)
                    .start(() -> run(finalization, receipt, begun));
        }
        return now;
    }

    /// What was found last.
    ///
    /// @throws Problem if the disks were not read since the server was started
    public Verification find(String finalization) {
        var found = latest.get(finalization);
        if (found == null) {
            throw new Problem(ProblemType.NOT_FOUND,
                    "verification: there is none of this finalization since the server was started; begin one by POST");
        }
        return found;
    }

    private Receipt receipt(String finalization) {
        try {
            var receipt = receipts.find(finalization).orElseThrow(Verifications::noReceipt);
            if (!receipt.verified()) {
                throw new Problem(ProblemType.INVALID_STATE,
                        "finalization of VM %s: its receipt must have digests but has none, since it was not verified; finalize with \"verify\": true next time"
                                .formatted(receipt.vm().name()));
            }
            return receipt;
        } catch (IOException e) {
            throw new Problem(ProblemType.INTERNAL_ERROR, e.getMessage(), e);
        }
    }

    /// What is said of a finalization without a receipt.
    public static Problem noReceipt() {
        return new Problem(ProblemType.NOT_FOUND,
                "receipt: there is none of this finalization; one is made when it is completed");
    }

    private void run(String finalization, Receipt receipt, Verification begun) {
        var disks = new ArrayList<DiskView>();
        try {
            turn.acquire();
            try {
                Path root = datastores.require(receipt.datastore()).directory();
                for (var disk : receipt.disks()) {
                    disks.add(view(DiskFound.check(disk, root.resolve(disk.file()), THREADS)));
                    latest.put(finalization,
                            new Verification("running", null, disks, begun.startedAt(), null));
                }
            } finally {
                turn.release();
            }
            boolean right = disks.stream().allMatch(DiskView::right);
            LOG.info("verification of finalization {}: {}", finalization,
                    String.join("; ", disks.stream().map(DiskView::text).toList()));
            latest.put(finalization,
                    new Verification(right ? "right" : "wrong", null, disks, begun.startedAt(), now()));
        } catch (IOException | RuntimeException e) {
            LOG.warn("verification of finalization {}: a disk could not be read", finalization, e);
            latest.put(finalization,
                    new Verification("failed", String.valueOf(e.getMessage()), disks, begun.startedAt(),
                            now()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does; should it happen, it is as if it had not begun
            latest.remove(finalization);
        }
    }

    private static DiskView view(DiskFound found) {
        return new DiskView(found.disk(), found.right(), found.wrong(), found.wrongLeaves(),
                found.unsettledLeaves(),
                found.writtenSince(), found.text());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
