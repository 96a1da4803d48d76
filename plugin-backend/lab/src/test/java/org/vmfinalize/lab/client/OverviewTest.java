package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// The plugin's own view and its tables.
class OverviewTest extends PluginPages {

    @Test
    void pausesFromTheOverview() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations", Reply.json(Samples.items(
                Samples.finalization("hydrating", 42, null),
                Samples.ended("2", "db02", "completed", 100, null),
                Samples.ended("3", "db03", "failed", 30,
                        "datastore 'instant-ds' is full; make room and start again"))));
        plugin.replies.put("POST /api/v1/finalizations/1/pause",
                Reply.json(Samples.finalization("paused", 42, "paused by administrator")));
        Page page = open("");
        FrameLocator overview = openOverview(page, "Finalizations");
        assertThat(overview.locator(".vf-finalizations tbody tr")).hasCount(1);
        look(page, "overview-finalizations");
        plugin.received.clear();

        overview.getByRole(AriaRole.BUTTON, in("Pause: web01")).click();

        await("POST /api/v1/finalizations/1/pause");
        openTab(overview, "History");
        assertThat(overview.locator(".vf-history tbody tr")).hasCount(2);
        assertThat(overview.locator(".vf-history")).containsText("make room and start again");
        look(page, "overview-history");
        openTab(overview, "Console");
        assertThat(overview.locator(".vf-lines")).containsText("vm-finalize pause web01");
        assertThat(overview.locator(".vf-lines"))
                .containsText("finalizations.running.find { it.vm == 'web01' }.pause()");
        assertThat(overview.locator(".vf-lines")).containsText("POST /api/v1/finalizations/1/pause");
        look(page, "overview-console");
    }

    @Test
    void showsFiveHundredMachinesSortedAndFiltered() throws Exception {
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(IntStream.range(0, 500)
                .mapToObj(i -> Samples.INSTANT_VM.replace("vm-51", "vm-" + (1000 + i))
                        .replace("web01-from-backup", "app-%03d".formatted(i)))
                .toArray(String[]::new))));
        Page page = open("", 1280, 720);
        FrameLocator overview = openOverview(page, "Running from backups");
        assertThat(overview.locator(".vf-vms .vf-count")).hasText("1 - 50 of 500");
        overview.getByRole(AriaRole.BUTTON, in("Virtual machine")).click();
        overview.getByRole(AriaRole.BUTTON, in("Virtual machine")).click();
        assertThat(overview.locator(".vf-vms tbody tr").first()).containsText("app-499");
        overview.getByRole(AriaRole.BUTTON, in("Next")).click();
        assertThat(overview.locator(".vf-vms tbody tr").first()).containsText("app-449");
        // The next page is read from its beginning on.
        assertThat(overview.locator(".vf-vms tbody tr").first()).isInViewport();
        look(page, "overview-500");

        overview.getByLabel("Filter: Running from backups").fill("app-49");

        assertThat(overview.locator(".vf-vms tbody tr")).hasCount(10);
        overview.getByLabel("Select all").check();
        assertThat(overview.getByRole(AriaRole.BUTTON, in("Finalize... (10)"))).isEnabled();
        look(page, "overview-filtered");
    }

    @Test
    void hearsOfChangesAndGoesOnBehindTheLastOneAfterALostConnection() throws Exception {
        plugin.allEvents.add("event: ready\nid: 4\ndata: {}\n\n");
        Page page = open("");
        FrameLocator overview = openOverview(page, "Finalizations");
        assertThat(plugin.continued.take()).isEmpty();
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));

        plugin.allEvents.add("event: finalization\nid: 5\ndata: {}\n\n");

        assertThat(overview.locator(".vf-finalizations tbody tr")).hasCount(1);
        plugin.allEvents.add("");
        plugin.allEvents.add("event: ready\nid: 5\ndata: {}\n\n");
        assertThat(plugin.continued.take()).isEqualTo("5");
    }

    @Test
    void showsHowDatastoresPlacesAndFormatsAre() throws Exception {
        Page page = open("");
        FrameLocator overview = openOverview(page, "Health");

        assertThat(overview.getByText("small-ds")).isVisible();
        assertThat(overview.locator("tbody .label-warning")).hasCount(2);
        assertThat(overview.locator("tbody .label-danger")).hasCount(1);
        assertThat(overview.locator("tbody")).containsText(new String[]{"small-ds", "mount it", "qcow2"});
        look(page, "overview-health");
    }

    @Test
    void saysSoWhenTheServerIsAwayAndRecovers() throws Exception {
        Reply wellbeing = plugin.replies.put("GET /api/v1/finalizations",
                new Reply(502, "text/plain", "bad gateway"));
        Page page = open("");
        FrameLocator overview = openOverview(page, "Finalizations");
        assertThat(overview.locator(".alert")).containsText("Not up to date");

        plugin.replies.put("GET /api/v1/finalizations", wellbeing);

        assertThat(overview.locator(".alert")).isHidden();
    }
}
