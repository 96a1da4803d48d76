package org.vmfinalize.lab;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.client.Look;

/// A site whose five hundred machines were all started from their backups.
class FiveHundredMachinesTest extends RealPages {

    private static final int MANY = 500;

    @Test
    void fiveHundredAreListedSortedFilteredAndAskedForInTheMenu() throws Exception {
        List<InstantVm> vms = runMany();
        Page page = open();
        FrameLocator overview = openOverview(page, "Running from backups");
        Locator rows = overview.locator(".vf-vms tbody tr");
        overview.getByLabel("Filter: Running from backups").fill("many-");
        assertThat(overview.locator(".vf-vms .vf-count")).hasText("1 - 50 of 500");

        overview.getByRole(AriaRole.BUTTON, in("Virtual machine")).click();
        overview.getByRole(AriaRole.BUTTON, in("Virtual machine")).click();
        assertThat(rows.first()).containsText("many-499");
        overview.getByRole(AriaRole.BUTTON, in("Next")).click();
        assertThat(rows.first()).containsText("many-449");
        Look.asItIs(page, "many-1-second-page");
        overview.getByLabel("Filter: Running from backups").fill("many-49");
        assertThat(rows).hasCount(10);
        overview.locator(".vf-vms").getByLabel("Select all").check();
        assertThat(overview.getByRole(AriaRole.BUTTON, in("Finalize... (10)"))).isEnabled();
        Look.inBothThemes(page, "many-2-filtered");

        var answer = (List<?>) page.evaluate(MENU, vms.stream().map(InstantVm::id).toList());
        assertThat(answer.getFirst()).isEqualTo(
                "finalizeAction:true pauseAction:false resumeAction:false cancelAction:false discardAction:true");
        System.out.printf("menu of %d machines, asked for as the client does: fastest of 10: %s ms%n", MANY,
                answer.getLast());
    }

    /// Asks for the menu of machines as the client does: the items, and the least time that it took.
    private static final String MENU = """
            async ids => {
                const { plugins: [plugin], vcenter } = await (await fetch('/lab/state')).json();
                const { sessionToken } = await (await fetch('/lab/session', { method: 'POST' })).json();
                const body = JSON.stringify({ apiVersion: '1.0.0', objectIds: ids.map(id => `urn:vmomi:VirtualMachine:${id}:${vcenter}`) });
                let items;
                let least = Infinity;
                for (let time = 0; time < 10; time++) {
                    const start = performance.now();
                    const response = await fetch(`${plugin.path}dynamic/vm/actions`, { method: 'POST', body,
                        headers: { 'content-type': 'application/json', 'vmware-api-session-id': sessionToken } });
                    items = (await response.json()).dynamicItems;
                    least = Math.min(least, performance.now() - start);
                }
                return [items.map(item => `${item.id}:${item.visible}`).join(' '), String(Math.round(least))];
            }""";

    /// Several at the same time, as it is done when a site has failed.
    private static List<InstantVm> runMany() throws Exception {
        var small = new byte[1 << 20];
        new Random(1).nextBytes(small);
        String path = Files.write(folder.resolve("backup").resolve("small.raw"), small).toString();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var calls = IntStream.range(0, MANY).mapToObj(i -> (Callable<InstantVm>) () -> site.api()
                    .run(Map.of("name", "many-%03d".formatted(i), "backup", path, "datastore",
                            LabSite.DATASTORE,
                            "powerOn", false)))
                    .toList();
            return threads.invokeAll(calls).stream().map(Future::resultNow).toList();
        }
    }
}
