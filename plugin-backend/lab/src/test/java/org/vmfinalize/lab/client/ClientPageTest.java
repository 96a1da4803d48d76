package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// The lab's client around the plugin: inventory, tasks, card.
class ClientPageTest extends PluginPages {

    @ParameterizedTest
    @CsvSource({"1280, 720", "1920, 1080"})
    void showsTheWholeStoryOnOnePage(int width, int height) throws Exception {
        vsphere.tasks.add(FixedVSphere.task("running", 42, "Copying"));
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        Page page = open("", width, height);
        assertThat(page.locator("lab-tasks")).containsText("42%");
        look(page, "client-running-" + width);

        vsphere.tasks.set(0, FixedVSphere.task("success", 100, ""));
        vsphere.finalized("vm-51", "web01");

        assertThat(page.locator("lab-tasks")).containsText("Completed");
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).hasText("web01");
        assertThat(page.locator("lab-inventory [data-id=vm-51] .icon")).hasAttribute("data-icon", "usual");
        look(page, "client-done-" + width);
    }

    @Test
    void asksARunningTaskToEndByItsButton() {
        vsphere.tasks.add(FixedVSphere.task("running", 42, "Copying"));
        Page page = open("");

        page.getByRole(AriaRole.BUTTON, named("Cancel: Finalize virtual machine, web01")).click();

        page.waitForCondition(() -> vsphere.cancelled.equals(List.of("task-7")));
    }

    @Test
    void theCardHearsOfChangesAndGoesOnAfterALostConnection() throws Exception {
        plugin.replies.put("POST /dynamic/vm/summary", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeCard","visible":true}]}"""));
        plugin.allEvents.add("event: ready\nid: 4\ndata: {}\n\n");
        Page page = open("");
        FrameLocator card = page.frameLocator(".plugin-card iframe");
        assertThat(card.locator(".label")).hasText("Runs from a backup");
        assertThat(plugin.continued.take()).isEmpty();
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));

        plugin.allEvents.add("event: finalization\nid: 5\ndata: "
                + Samples.finalization("hydrating", 42, null) + "\n\n");

        assertThat(card.locator("vf-progress")).containsText("42%");
        plugin.allEvents.add("");
        plugin.allEvents.add("event: ready\nid: 5\ndata: {}\n\n");
        assertThat(plugin.continued.take()).isEqualTo("5");
    }

    @Test
    void showsACardOnTheSummary() throws Exception {
        plugin.replies.put("POST /dynamic/vm/summary", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeCard","visible":true}]}"""));
        Page page = open("");
        page.locator("lab-inventory [data-id=vm-51]").click();
        FrameLocator card = page.frameLocator(".plugin-card iframe");
        assertThat(card.locator(".label")).hasText("Runs from a backup");
        look(page, "card");
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        page.locator("#refresh").click();
        assertThat(card.locator("vf-progress")).containsText("42%");

        card.getByRole(AriaRole.BUTTON, in("Follow")).click();

        assertThat(page.frameLocator("lab-object .view iframe").locator("vf-progress")).containsText("42%");
    }
}
