package org.vmfinalize.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.Finalization;
import org.vmfinalize.terminal.Prompt;
import org.vmfinalize.terminal.Terminal;
import org.vmfinalize.units.Bytes;
import org.vmfinalize.units.Times;

/// Shows a finalization's progress to its end.
///
/// Ctrl-C lets go of the job, which goes on. Where there is a terminal a second one within three seconds asks whether the
/// job shall be cancelled.
final class Watch {

    private static final Duration FOR_A_SECOND = Duration.ofSeconds(3);

    private final Api api;
    private final Terminal terminal;
    private final CountDownLatch again = new CountDownLatch(1);
    private final AtomicBoolean detached = new AtomicBoolean();

    Watch(Api api, Terminal terminal) {
        this.api = api;
        this.terminal = terminal;
    }

    ExitStatus run(Finalization begun) throws IOException {
        Object previous = Signals.register("INT", () -> interrupted(begun));
        try {
            var last = begun.isOver() ? begun : api.follow(begun.id(), this::show);
            if (detached.get()) {
                // The signal's thread ends the process, once it knows whether there is a second one.
                awaitEndOfProcess();
            }
            terminal.clearBar();
            return end(last);
        } finally {
            Signals.unregister("INT", previous);
        }
    }

    private static void awaitEndOfProcess() throws IOException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the user was asked", e);
        }
    }

    private boolean show(Finalization now) {
        if (!detached.get() && !now.isOver()) {
            terminal.progress(now.state(), now.doneBytes(), now.totalBytes(), details(now));
        }
        return !detached.get();
    }

    private static String details(Finalization now) {
        if (now.reason().isPresent()) {
            return now.reason().get();
        }
        var rate = now.bytesPerSecond() == 0 ? "" : Bytes.text(now.bytesPerSecond()) + "/s";
        var left = now.secondsLeft();
        return left.isEmpty()
                ? rate
                : "%s  %s left".formatted(rate, Times.text(Duration.ofSeconds(left.getAsLong())));
    }

    private ExitStatus end(Finalization last) {
        return switch (last.state()) {
            case "completed" -> {
                terminal.say("finalized %s%s; the backup is not needed any more".formatted(last.vmName(),
                        last.notMoved().map(why -> ", but " + why).orElse("")));
                yield last.notMoved().isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
            }
            case "cancelled" -> {
                terminal.say("cancelled; %s goes on running from its backup".formatted(last.vmName()));
                yield ExitStatus.CANCELLED;
            }
            default -> throw new CommandException(ExitStatus.FAILED,
                    "%s: %s".formatted(last.vmName(), last.reason().orElse("it is " + last.state())));
        };
    }

    /// On the thread that the Java runtime gives to each signal.
    private void interrupted(Finalization job) {
        if (detached.getAndSet(true)) {
            again.countDown();
            return;
        }
        terminal.say(String.format(Locale.ROOT,
                "the job goes on without this command; 'vm-finalize watch %s' shows it, 'vm-finalize cancel %s' cancels it",
                job.vmId(), job.vmId()));
        if (!Terminal.isTerminal()) {
            Runtime.getRuntime().halt(ExitStatus.INTERRUPTED.number());
        }
        try {
            if (again.await(FOR_A_SECOND.toMillis(), TimeUnit.MILLISECONDS)) {
                askWhetherToCancel(job);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            terminal.say("vm-finalize: " + e.getMessage());
        }
        Runtime.getRuntime().halt(ExitStatus.INTERRUPTED.number());
    }

    private void askWhetherToCancel(Finalization job) throws IOException {
        var answer = Prompt.line("cancel the finalization of %s? [y/N] ".formatted(job.vmName()));
        if (answer.orElse("").strip().equalsIgnoreCase("y")) {
            api.steer(job.id(), "cancel");
            terminal.say("cancelled; %s goes on running from its backup".formatted(job.vmName()));
            Runtime.getRuntime().halt(ExitStatus.CANCELLED.number());
        }
    }
}
