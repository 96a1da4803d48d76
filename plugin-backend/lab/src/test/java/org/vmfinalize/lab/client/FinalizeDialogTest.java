package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// The dialog that starts a finalization, by mouse and keyboard.
class FinalizeDialogTest extends PluginPages {

    @Test
    void startsAFinalizationByMouse() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = open("");
        assertThat(page.locator("lab-inventory [data-id=vm-51] .icon")).hasAttribute("data-icon", "managed");
        assertThat(page.locator("lab-inventory [data-id=vm-41] .icon")).hasAttribute("data-icon", "usual");
        look(page, "client-summary");

        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        assertThat(item(page, "Finalize...")).isVisible();
        look(page, "client-menu");
        item(page, "Finalize...").click();

        FrameLocator dialog = dialog(page);
        assertThat(page.locator("dialog h2")).hasText("Finalize Virtual Machine");
        assertThat(dialog.getByLabel("Name", new FrameLocator.GetByLabelOptions().setExact(true)))
                .hasValue("web01-from-backup");
        assertThat(dialog.locator(".vf-left")).containsText("24.4 GB of 140 GB still in the backup");
        look(page, "finalize-dialog");
        dialog.locator("#vf-name").fill("web01");
        dialog.getByText("Thick Provision Eager Zeroed").click();
        plugin.received.clear();
        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order().body())
                .isEqualTo("{\"vm\":\"vm-51\",\"name\":\"web01\",\"provisioning\":\"eager-thick\"}");
        assertThat(complaints()).isEmpty();
    }

    @Test
    void startsAFinalizationByKeyboard() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = open("");

        page.locator("lab-inventory [data-id=vm-51]").focus();
        page.keyboard().press("Shift+F10");
        assertThat(page.getByRole(AriaRole.MENUITEM, named("VM Finalize"))).isFocused();
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Enter");
        FrameLocator dialog = dialog(page);
        assertThat(dialog.locator("#vf-name")).isFocused();
        plugin.received.clear();
        page.keyboard().press("Enter");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order().body()).isEqualTo("{\"vm\":\"vm-51\",\"provisioning\":\"thin\"}");
    }

    @Test
    void closesTheDialogOnEscapeAndStartsNothing() {
        Page page = openDialog("");
        plugin.received.clear();

        dialog(page).locator("#vf-name").press("Escape");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(plugin.received).noneMatch(each -> each.call().equals("POST /api/v1/finalizations"));
    }

    @ParameterizedTest
    @CsvSource({"name-taken, name", "name-invalid, name", "datastore-full, provisioning",
            "invalid-provisioning, provisioning"})
    void showsARefusalBesideItsField(String problem, String field) throws Exception {
        plugin.replies.put("POST /api/v1/finalizations", Reply.problem(409, problem, "this is why; do that"));
        Page page = openDialog("");
        FrameLocator dialog = dialog(page);

        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(dialog.locator("[data-field=" + field + "] .clr-subtext")).hasText("this is why; do that");
        assertThat(dialog.locator(".alert")).isHidden();
        assertThat(dialog.getByRole(AriaRole.BUTTON, in("Finalize"))).isEnabled();
        look(page, "finalize-dialog-" + problem);
    }

    @Test
    void showsAnyOtherRefusalOnTop() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.problem(409, "already-finalizing", "VM 'web01': a finalization is running already"));
        Page page = openDialog("");
        FrameLocator dialog = dialog(page);

        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(dialog.locator(".alert")).hasText("VM 'web01': a finalization is running already");
        look(page, "finalize-dialog-refused");
    }

    @Test
    void checksTheNameAsItIsTyped() throws Exception {
        Page page = openDialog("");
        FrameLocator dialog = dialog(page);
        Locator help = dialog.locator("#vf-name-help");

        dialog.locator("#vf-name").fill("");
        assertThat(help).hasText("Enter a name for the virtual machine.");
        look(page, "finalize-dialog-no-name");
        dialog.locator("#vf-name").fill("x".repeat(81));
        assertThat(help).hasText("The name must not be longer than 80 characters.");
        dialog.locator("#vf-name").fill("web01");
        assertThat(help).hasText("Keeps its name unless you give another one.");
    }

    @Test
    void saysBeforeTheStartWhatSpeaksAgainstIt() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations/plan", Reply.json(Samples.plan()
                .with("/problems/name-taken", "name 'files01': another virtual machine has it",
                        "choose another name")));
        Page page = openDialog("");
        FrameLocator dialog = dialog(page);

        dialog.locator("#vf-name").fill("files01");

        assertThat(dialog.locator("#vf-name-help"))
                .hasText("name 'files01': another virtual machine has it; choose another name");
        assertThat(dialog.locator(".vf-time")).hasText("2 min to 5 min");
        assertThat(dialog.locator(".vf-space")).hasText("up to 24.4 GB on instant-ds, 200 GB free");
        look(page, "finalize-dialog-planned");
    }

    @Test
    void saysWhenTheSessionIsOver() throws Exception {
        Page page = openDialog("");
        plugin.replies.put("POST /api/v1/finalizations", Reply.problem(401, "unauthorized", "log in"));

        dialog(page).getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(dialog(page).locator(".alert"))
                .hasText("Your session has ended. Log in to the vSphere Client again.");
    }

    @Test
    void movesItOnToAnotherDatastoreAfterwards() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations", Reply.problem(409, "move-refused",
                "moveTo 'vmfs-1': vSphere refuses: the virtual machine has snapshots"));
        Page page = openDialog("");
        FrameLocator dialog = dialog(page);
        dialog.getByText("Advanced").click();
        assertThat(dialog.locator("#vf-move option"))
                .hasText(new String[]{"No: it stays where it is", "vmfs-1"});
        dialog.getByLabel("Move to another datastore").selectOption("datastore-12");
        plugin.received.clear();

        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(order().body())
                .isEqualTo(
                        "{\"vm\":\"vm-51\",\"provisioning\":\"thin\",\"moveTo\":\"datastore-12\"}");
        assertThat(dialog.locator("#vf-move-help")).containsText("has snapshots");
        assertThat(dialog.locator("#vf-move-help"))
                .isInViewport(new LocatorAssertions.IsInViewportOptions().setRatio(1));
        look(page, "finalize-dialog-move-refused");
    }

    @Test
    void limitsTheSpeedAndRefusesWhatIsNoNumber() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = openDialog("");
        FrameLocator dialog = dialog(page);
        Locator limit = dialog.getByLabel("Speed limit");
        plugin.received.clear();

        dialog.getByText("Advanced").click();
        limit.fill("fast");
        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();
        assertThat(dialog.locator("#vf-limit-help")).containsText("whole number");
        assertThat(limit).isFocused();
        look(page, "finalize-dialog-limit");
        limit.fill("200");
        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order().body())
                .isEqualTo("{\"vm\":\"vm-51\",\"provisioning\":\"thin\",\"bytesPerSecond\":209715200}");
    }
}
