package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the server asks of a vCenter does not grow with the machines there. How fast that is, `scripts/scale` measures.
@Timeout(300)
class LargeInventoryTest {

    @TempDir
    private Path folder;

    @Test
    void aListingOfManyMachinesCallsVCenterNoMoreOftenThanOneOfFew() throws Exception {
        try (var inventory = LargeInventory.start(folder, 300)) {
            inventory.run(0, 2);
            var few = callsOfAListing(inventory, 2);
            inventory.run(2, 30);
            inventory.change(Duration.ofMillis(20));
            inventory.awaitChanges(50);

            assertThat(callsOfAListing(inventory, 30)).isLessThanOrEqualTo(few);
        }
    }

    /// The client asks while its user waits for the menu, so vCenter must not be asked in turn.
    @Test
    void theMenuOfFiveHundredMachinesDoesNotCallVCenter() throws Exception {
        try (var inventory = LargeInventory.start(folder, 5)) {
            inventory.run(0, 10);
            // The first time the token of the user is exchanged.
            assertThat(inventory.openMenu(LargeInventory.MENU_OBJECTS)).containsExactly("finalizeAction",
                    "discardAction");
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                var before = inventory.calls();
                inventory.openMenu(LargeInventory.MENU_OBJECTS);
                var calls = LargeInventory.since(before, inventory.calls());
                calls.remove("WaitForUpdatesEx");
                least = Math.min(least, calls.values().stream().mapToLong(Long::longValue).sum());
            }

            assertThat(least).isZero();
        }
    }

    @Test
    void aChangeOfAMachineCostsNoCallsForOthers() throws Exception {
        try (var inventory = LargeInventory.start(folder, 300)) {
            inventory.run(0, 10);
            inventory.list();
            var before = inventory.calls();
            inventory.change(Duration.ofMillis(20));
            inventory.awaitChanges(100);

            var calls = LargeInventory.since(before, inventory.calls());
            calls.remove("WaitForUpdatesEx");
            // Once in a while: is the session still there, is the extension, do the hosts have the datastores?
            assertThat(calls.values().stream().mapToLong(Long::longValue).sum()).as("%s", calls)
                    .isLessThan(20);
        }
    }

    /// The least of some listings: meanwhile the server does other things, too.
    private static long callsOfAListing(LargeInventory inventory, int expected) throws Exception {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            var before = inventory.calls();
            assertThat(inventory.list()).isEqualTo(expected);
            var calls = LargeInventory.since(before, inventory.calls());
            calls.remove("WaitForUpdatesEx");
            least = Math.min(least, calls.values().stream().mapToLong(Long::longValue).sum());
        }
        return least;
    }
}
