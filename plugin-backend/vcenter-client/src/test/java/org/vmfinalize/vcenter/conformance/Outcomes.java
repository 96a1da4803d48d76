package org.vmfinalize.vcenter.conformance;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/// Prints a line per step: what a server does not offer is named.
final class Outcomes implements TestWatcher {

    @Override
    public void testSuccessful(ExtensionContext context) {
        say("ok      ", context, "");
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        say("skipped ", context, reason(cause));
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        say("FAILED  ", context, reason(cause));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        say("skipped ", context, reason.map(why -> ": " + why).orElse(""));
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null ? "" : ": " + cause.getMessage();
    }

    private static void say(String outcome, ExtensionContext context, String more) {
        System.out.println(outcome + context.getDisplayName() + more);
    }
}
