package org.vmfinalize.lab;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.vmfinalize.lab.guest.GuestReport;

/// What the progress bar says beside the bar: rate, time left and how the guest fares.
final class ProgressDetails {

    private ProgressDetails() {}

    static String of(FinalizationStatus status, Optional<GuestReport> guest) {
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
        guest.ifPresent(report -> text
                .append(String.format(Locale.ROOT, "  guest p99 %.0f ms", report.p99().toNanos() / 1e6)));
        return text.toString();
    }
}
