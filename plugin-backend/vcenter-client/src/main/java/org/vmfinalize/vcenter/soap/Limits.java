package org.vmfinalize.vcenter.soap;

import java.time.Duration;

/// How long a call may take and how much it may answer.
///
/// @param connect        to reach the server
/// @param answer         from the call's start until its answer is there to the last byte
/// @param poll           how long a wait for changes is left open at the server before it is asked again; whole seconds
/// @param task           how long a task in vCenter may take
/// @param pause          the longest pause before a watch that broke is begun again
/// @param maxAnswerBytes the largest answer that is taken
public record Limits(Duration connect, Duration answer, Duration poll, Duration task, Duration pause,
        int maxAnswerBytes) {

    /// What suits a vCenter: 10 s, 60 s, 60 s, 10 min, 30 s and 64 MiB.
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(60),
            Duration.ofSeconds(60), Duration.ofMinutes(10), Duration.ofSeconds(30), 64 << 20);
}
