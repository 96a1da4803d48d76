package org.vmfinalize.server.finalization;

import java.time.Duration;

/// What vCenter's task says that it is doing.
final class Phrase {

    private Phrase() {}

    static String of(FinalizationView view) {
        return switch (view.state()) {
            case "queued" -> "Waiting to begin";
            case "paused" -> "Paused at %d %%".formatted(view.percent())
                    + (view.pauseReason() == null ? "" : ": " + view.pauseReason());
            case "verifying" -> "Verifying the disks, %d %%".formatted(view.verifiedPercent());
            case "sealing" -> "Completing the disks";
            default -> hydrating(view);
        };
    }

    private static String hydrating(FinalizationView view) {
        int count = view.disks().size();
        long begun = view.disks().stream().filter(disk -> !disk.state().equals("queued")).count();
        var phrase = new StringBuilder(
                "Copying disk %d of %d from the backup, %d %%".formatted(Math.clamp(begun, 1, count), count,
                        view.percent()));
        var seconds = view.secondsLeft();
        if (seconds != null) {
            phrase.append(", ").append(left(Duration.ofSeconds(seconds)));
        }
        if (view.pauseReason() != null) {
            phrase.append("; waits: ").append(view.pauseReason());
        }
        return phrase.toString();
    }

    /// Coarse on purpose: an estimate to the second would only flicker.
    static String left(Duration left) {
        if (left.toSeconds() < 50) {
            return "less than a minute left";
        }
        if (left.toMinutes() < 90) {
            return "about %d min left".formatted((left.toSeconds() + 30) / 60);
        }
        return "about %d h left".formatted((left.toMinutes() + 30) / 60);
    }
}
