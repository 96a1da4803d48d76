package org.vmfinalize.lab;

import java.time.Duration;
import java.util.Locale;

/// What the progress bar says beside the bar: rate, time left and how the guest fares.
final class ProgressDetails {

    private ProgressDetails() {}

    /// @param guest how the guest fares; empty if there is nothing to say
    static String of(FinalizationStatus status, String guest) {
        var text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%d MiB/s", status.bytesPerSecond() >> 20));
        var left = status.secondsLeft();
        if (left != null) {
            var duration = Duration.ofSeconds(left);
            text.append(String.format(Locale.ROOT, "  %d:%02d left", duration.toMinutes(),
                    duration.toSecondsPart()));
        }
        if (status.pauseReason() != null) {
            text.append("  paused: ").append(status.pauseReason());
        }
        return guest.isEmpty() ? text.toString() : text.append("  ").append(guest).toString();
    }
}
