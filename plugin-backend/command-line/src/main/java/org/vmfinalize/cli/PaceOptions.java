package org.vmfinalize.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.units.Bytes;
import org.vmfinalize.units.Times;
import picocli.CommandLine.Option;

/// How fast a finalization may be.
final class PaceOptions {

    @Option(names = "--limit", paramLabel = "RATE", description = "Read the backup at this rate at most, such as '200 MB/s'; 0: no limit.")
    private @Nullable String limit;

    @Option(names = "--latency-goal", paramLabel = "TIME", description = "How long the guest's requests may take, for 99 of 100, such as '20 ms'; auto: at most a quarter longer than without the job.")
    private @Nullable String latencyGoal;

    @Option(names = "--priority", paramLabel = "PRIORITY", completionCandidates = PaceOptions.Priorities.class, description = "low, normal or high: its share where several VMs are finalized.")
    private @Nullable String priority;

    /// Puts what was given into the form of a request.
    void into(Map<String, Object> request) {
        if (limit != null) {
            request.put("bytesPerSecond", read("--limit", limit, Bytes::parsePerSecond));
        }
        if (latencyGoal != null) {
            request.put("latencyGoalMillis", read("--latency-goal", latencyGoal, Times::parseMillis));
        }
        if (priority != null) {
            request.put("priority", priority);
        }
    }

    /// What is written for people, as a number.
    ///
    /// @throws CommandException if it is none; it names the option
    static long read(String option, String text, ToLongFunction<String> form) {
        try {
            return form.applyAsLong(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitStatus.USAGE, "%s: %s".formatted(option, e.getMessage()));
        }
    }

    /// For the shell's completion.
    static final class Priorities implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return List.of("low", "normal", "high").iterator();
        }
    }
}
