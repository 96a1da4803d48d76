package org.vmfinalize.server.finalization;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vmfinalize.server.vcenter.PluginTexts;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.TaskPhrase;

/// What vCenter's task says that it is doing: the key of a text that is registered in all languages, and what to put into it.
final class Phrase {

    private static final String PREFIX = VmFinalizeKeys.TASK + ".progress.";

    private Phrase() {}

    static TaskPhrase of(FinalizationView view) {
        var reason = view.pauseReason();
        return switch (view.state()) {
            case "queued" -> phrase("queued");
            case "paused" -> reason == null
                    ? phrase("paused", "percent", view.percent())
                    : phrase("pausedFor", "percent", view.percent(), "reason", reason);
            case "verifying" -> phrase("verifying", "percent", view.verifiedPercent());
            case "moving" -> moving(view);
            case "promoting" -> reason == null
                    ? phrase("promoting")
                    : phrase("promotingWaits", "reason", reason);
            case "sealing" -> phrase("sealing");
            default -> hydrating(view);
        };
    }

    /// The task is about to end well.
    static TaskPhrase done() {
        return phrase("done");
    }

    /// The task is about to end well, but for the move.
    static TaskPhrase notMoved(Move move) {
        return phrase("notMoved", "datastore", move.name(), "reason", String.valueOf(move.failure()));
    }

    private static TaskPhrase moving(FinalizationView view) {
        var move = view.move();
        if (move == null) {
            return phrase("sealing");
        }
        return view.pauseReason() == null
                ? phrase("moving", "datastore", move.name(), "percent", move.percent())
                : phrase("movingWaits", "datastore", move.name(), "percent", move.percent(), "reason",
                        view.pauseReason());
    }

    private static TaskPhrase hydrating(FinalizationView view) {
        int count = view.disks().size();
        long begun = view.disks().stream().filter(disk -> !disk.state().equals("queued")).count();
        Object[] where = {"disk", Math.clamp(begun, 1, Math.max(1, count)), "disks", count, "percent",
                view.percent()};
        if (view.pauseReason() != null) {
            return phrase("hydratingWaits", with(where, "reason", view.pauseReason()));
        }
        var seconds = view.secondsLeft();
        return seconds == null ? phrase("hydrating", where) : left(where, Duration.ofSeconds(seconds));
    }

    /// Coarse on purpose: an estimate to the second would only flicker.
    private static TaskPhrase left(Object[] where, Duration left) {
        if (left.toSeconds() < 50) {
            return phrase("hydratingSoon", where);
        }
        return left.toMinutes() < 90
                ? phrase("hydratingMinutes", with(where, "minutes", (left.toSeconds() + 30) / 60))
                : phrase("hydratingHours", with(where, "hours", (left.toMinutes() + 30) / 60));
    }

    private static Object[] with(Object[] arguments, String name, Object value) {
        var all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = name;
        all[arguments.length + 1] = value;
        return all;
    }

    private static TaskPhrase phrase(String key, Object... namesAndValues) {
        Map<String, String> arguments = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            arguments.put(String.valueOf(namesAndValues[i]), String.valueOf(namesAndValues[i + 1]));
        }
        return new TaskPhrase(PREFIX + key, arguments, PluginTexts.english(PREFIX + key, arguments));
    }
}
