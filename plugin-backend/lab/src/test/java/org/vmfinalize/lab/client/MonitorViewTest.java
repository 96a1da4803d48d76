package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// The view below Monitor: progress, map, curves, receipt.
class MonitorViewTest extends PluginPages {

    @Test
    void drawsWhereTheDataIsAndHowItWent() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51/disks/0/map", Reply.json(Samples.diskMap(768, 42)));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51/samples", Reply.json(Samples.samples(220)));
        Page page = open("", 1920, 1080);
        FrameLocator monitor = openMonitor(page);
        assertThat(monitor.locator("canvas"))
                .hasAccessibleName(Pattern.compile("Map of web01.vmdk: .*backup"));
        assertThat(monitor.locator(".vf-rate .vf-now")).containsText("MB/s");

        plugin.replies.put("GET /api/v1/instant-vms/vm-51/disks/0/map", Reply.json(Samples.diskMap(768, 45)));

        // What is drawn is looked at: there are pixels of all kinds, and frames around what has come since.
        page.frames().getLast().waitForFunction(
                """
                        () => {
                            const canvas = document.querySelector('canvas');
                            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                            const seen = new Set();
                            for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 3).join());
                            return ['0,121,173', '98,164,32', '211,221,226', '33,51,59'].every(color => seen.has(color));
                        }""");
        look(page, "monitor-map");
    }

    @Test
    void changesTheSpeedWhileItRuns() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        plugin.replies.put("PATCH /api/v1/finalizations/1",
                Reply.json(Samples.finalization("hydrating", 42, null)));
        Page page = open("", 1280, 720);
        FrameLocator monitor = openMonitor(page);
        monitor.getByLabel("Speed limit").fill("80");
        plugin.received.clear();

        monitor.getByLabel("Speed limit").press("Enter");

        assertThat(await("PATCH /api/v1/finalizations/1").body()).isEqualTo("{\"bytesPerSecond\":83886080}");
    }

    @Test
    void followsAFinalizationInTheMonitorView() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        Page page = open("");
        FrameLocator monitor = openMonitor(page);
        assertThat(monitor.locator("vf-progress")).containsText("42%");

        plugin.events.add("event: progress\ndata: " + Samples.finalization("hydrating", 77, null) + "\n\n");

        assertThat(monitor.locator("vf-progress")).containsText("77%");
        look(page, "monitor");
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.ended("1", "web01", "completed", 100, null))));
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items()));
        plugin.events.add("");
        assertThat(monitor.locator("h1")).hasText("Finalized");
        look(page, "monitor-done");
    }

    @Test
    void hasNoMonitorViewWhereThereIsNothingToFollow() {
        offerMonitor(false);
        Page page = open("");

        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();

        assertThat(page.locator("lab-object .content")).hasText("Nothing to monitor here.");
    }

    @Test
    void opensABrokenEventStreamAgain() {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        Page page = open("");
        FrameLocator monitor = openMonitor(page);
        plugin.events.add("event: progress\ndata: " + Samples.finalization("hydrating", 50, null) + "\n\n");
        assertThat(monitor.locator("vf-progress")).containsText("50%");

        plugin.events.add("");
        plugin.events.add("event: progress\ndata: " + Samples.finalization("hydrating", 60, null) + "\n\n");

        assertThat(monitor.locator("vf-progress")).containsText("60%");
    }
}
