package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// All pages without a mouse.
class KeyboardTest extends PluginPages {

    private Page page;

    @BeforeEach
    void openClient() {
        plugin.replies.put("GET /api/v1/finalizations", Reply.json(Samples.items(
                Samples.finalization("hydrating", 42, null),
                Samples.ended("2", "db02", "completed", 100, null),
                Samples.ended("3", "db03", "failed", 30, "datastore 'instant-ds' is full; make room"))));
        offer("finalizeAction");
        page = open("", 1280, 720);
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).isVisible();
    }

    @Test
    void theDialogIsUsedByKeyboardFromTheTreeToTheOrder() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        openDialogByKeyboard();
        FrameLocator dialog = dialog(page);

        // The name is selected, so that typing replaces it.
        page.keyboard().type("web01");
        press("Tab");
        assertThat(dialog.getByLabel("Thin Provision")).isFocused();
        press("ArrowDown");
        press("ArrowDown");
        assertThat(dialog.getByLabel("Thick Provision Eager Zeroed")).isFocused();
        assertThat(dialog.getByLabel("Thick Provision Eager Zeroed")).isChecked();
        press("Tab");
        assertThat(dialog.getByText("Advanced")).isFocused();
        press("Enter");
        press("Tab");
        assertThat(dialog.getByLabel("Speed limit")).isFocused();
        page.keyboard().type("50");
        press("Tab");
        assertThat(dialog.getByLabel("Move to another datastore")).isFocused();
        press("Tab");
        assertThat(dialog.getByLabel("Verify afterwards")).isFocused();
        press("Space");
        press("Tab");
        assertThat(button("Cancel")).isFocused();
        press("Tab");
        assertThat(button("Finalize")).isFocused();
        plugin.received.clear();
        press("Space");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order().body())
                .isEqualTo("{\"vm\":\"vm-51\",\"name\":\"web01\",\"provisioning\":\"eager-thick\","
                        + "\"bytesPerSecond\":52428800,\"verify\":true}");
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).isFocused();
    }

    @Test
    void theWayBackIsTheSameInReverse() {
        openDialogByKeyboard();
        for (int presses = 0; presses < 4; presses++) {
            press("Tab");
        }
        assertThat(button("Finalize")).isFocused();

        press("Shift+Tab");
        assertThat(button("Cancel")).isFocused();
        press("Shift+Tab");
        assertThat(dialog(page).getByText("Advanced")).isFocused();
        press("Shift+Tab");
        assertThat(dialog(page).getByLabel("Thin Provision")).isFocused();
        press("Shift+Tab");
        assertThat(dialog(page).locator("#vf-name")).isFocused();
        press("Escape");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).isFocused();
    }

    @Test
    void theFocusStaysWhereAButtonGivesWayToAnother() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations/1/pause",
                Reply.json(Samples.finalization("paused", 42, null)));
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).press("Enter");
        FrameLocator monitor = view(page);
        monitor.getByRole(AriaRole.BUTTON, in("Pause")).focus();

        press("Enter");

        assertThat(monitor.getByRole(AriaRole.BUTTON, in("Resume"))).isFocused();
    }

    @Test
    void aRefusedNameIsToldAndHasTheFocus() {
        plugin.replies.put("POST /api/v1/finalizations", Reply.problem(409, "name-taken", "it is taken"));
        openDialogByKeyboard();
        page.keyboard().type("files01");

        press("Enter");

        Locator name = dialog(page).locator("#vf-name");
        assertThat(name).hasAttribute("aria-invalid", "true");
        assertThat(name).hasAccessibleDescription("it is taken");
        assertThat(name).isFocused();
    }

    @Test
    void theTabsOfTheOverviewAreOneStopWithArrows() {
        page.locator("#navigator").press("Enter");
        item(page, "VM Finalize").press("Enter");
        FrameLocator overview = view(page);
        overview.getByRole(AriaRole.TAB, in("Running from backups")).focus();

        for (String tab : List.of("Finalizations", "Backups", "Health", "History", "Console")) {
            press("ArrowRight");
            assertThat(overview.getByRole(AriaRole.TAB, in(tab))).isFocused();
            assertThat(overview.getByRole(AriaRole.TABPANEL, in(tab))).isVisible();
        }
        press("Home");
        press("Tab");

        assertThat(overview.getByLabel("Filter: Running from backups")).isFocused();
    }

    @Test
    void severalMachinesAreChosenAndFinalizedByKeyboard() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        page.locator("lab-inventory [data-id=group-v3]").click();
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("VMs")).press("Enter");
        page.getByLabel("Select web01-from-backup").press("Space");
        page.getByLabel("Select files01").press("Space");
        page.locator(".vm-list .actions").press("Enter");
        assertThat(item(page, "VM Finalize")).isFocused();
        press("ArrowRight");
        press("Enter");
        assertThat(dialog(page).locator("#vf-format")).isFocused();
        plugin.received.clear();

        press("Tab");
        press("Enter");

        assertThat(order().body()).isEqualTo("{\"vm\":\"vm-51\",\"provisioning\":\"thin\"}");
    }

    private void openDialogByKeyboard() {
        page.locator("lab-inventory [data-id=vm-51]").focus();
        press("Shift+F10");
        assertThat(item(page, "VM Finalize")).isFocused();
        press("ArrowRight");
        press("Enter");
        assertThat(dialog(page).locator("#vf-name")).isFocused();
    }

    private void press(String key) {
        page.keyboard().press(key);
    }

    private Locator button(String name) {
        return dialog(page).getByRole(AriaRole.BUTTON, in(name));
    }
}
