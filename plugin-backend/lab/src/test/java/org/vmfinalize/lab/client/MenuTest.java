package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// What the menu of a machine offers, and the small dialogs behind it.
class MenuTest extends PluginPages {

    @Test
    void hidesTheActionWhereItIsNotRelevant() throws Exception {
        offer(false, false);
        Page page = open("");

        openMenu(page, "files01");

        assertThat(item(page, "No actions")).isVisible();
        assertThat(page.getByRole(AriaRole.MENUITEM, named("VM Finalize"))).hasCount(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.0.3", "8.0.2"})
    void olderClientsHideTheActionWhereItIsNotPossibleNow(String version) {
        offer(false, true);
        Page page = open("?version=" + version);

        openMenu(page, "web01-from-backup");

        assertThat(item(page, "No actions")).isVisible();
        assertThat(page.getByRole(AriaRole.MENUITEM, named("VM Finalize"))).hasCount(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.0.3", "9.0.0"})
    void newerClientsGreyTheActionWhereItIsNotPossibleNow(String version) {
        offer(false, true);
        Page page = open("?version=" + version);

        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();

        assertThat(item(page, "Finalize...")).isDisabled();
    }

    @Test
    void pausesFromTheMenu() throws Exception {
        offer("pauseAction", "resumeAction", "cancelAction");
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        plugin.replies.put("POST /api/v1/finalizations/1/pause",
                Reply.json(Samples.finalization("paused", 42, null)));
        Page page = open("");
        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        look(page, "client-menu-finalizing");
        item(page, "Pause Finalization...").click();
        FrameLocator dialog = dialog(page);
        assertThat(dialog.locator("tbody")).containsText("Copying");
        look(page, "dialog-pause");
        plugin.received.clear();

        page.keyboard().press("Enter");

        assertThat(page.locator("dialog")).hasCount(0);
        await("POST /api/v1/finalizations/1/pause");
    }

    @Test
    void discardsOnlyAfterAQuestion() throws Exception {
        offer("finalizeAction", "discardAction");
        plugin.replies.put("DELETE /api/v1/instant-vms/vm-51", Reply.json("{}"));
        Page page = open("");
        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        item(page, "Discard...").click();
        FrameLocator dialog = dialog(page);
        assertThat(dialog.getByRole(AriaRole.BUTTON, in("Cancel"))).isFocused();
        assertThat(dialog.locator(".vf-intro")).containsText("The virtual machine is powered off");
        assertThat(dialog.locator(".vf-intro")).containsText("cannot be undone");
        look(page, "dialog-discard");
        plugin.received.clear();

        dialog.getByRole(AriaRole.BUTTON, in("Discard")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        await("DELETE /api/v1/instant-vms/vm-51");
    }
}
