package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.MouseButton;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// The dialog that finalizes several machines.
class FinalizeManyTest extends PluginPages {

    @Test
    void finalizesSeveralMachinesWithOneStart() throws Exception {
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(Samples.INSTANT_VM,
                Samples.INSTANT_VM.replace("vm-51", "vm-52").replace("web01-from-backup",
                        "db01-from-backup"))));
        vsphere.objects.add(FixedVSphere.vm("vm-52", "db01-from-backup", Optional.empty()));
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = open("");
        page.locator("lab-inventory [data-id=group-v3]").click();
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("VMs")).click();
        page.getByLabel("Select web01-from-backup").check();
        page.getByLabel("Select db01-from-backup").check();
        page.locator(".vm-list tr[data-id=vm-52]")
                .click(new Locator.ClickOptions().setButton(MouseButton.RIGHT));
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        look(page, "client-menu-several");
        item(page, "Finalize...").click();
        FrameLocator dialog = dialog(page);
        assertThat(dialog.locator("tbody tr")).hasCount(2);
        look(page, "finalize-several");
        plugin.received.clear();

        dialog.getByRole(AriaRole.BUTTON, in("Finalize 2")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(List.of(order().body(), order().body()))
                .containsExactlyInAnyOrder("{\"vm\":\"vm-51\",\"provisioning\":\"thin\"}",
                        "{\"vm\":\"vm-52\",\"provisioning\":\"thin\"}");
    }

    @Test
    void showsBesideEachMachineWhyItWasRefused() throws Exception {
        vsphere.objects.add(FixedVSphere.vm("vm-52", "db01-from-backup", Optional.empty()));
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(Samples.INSTANT_VM,
                Samples.INSTANT_VM.replace("vm-51", "vm-52").replace("web01-from-backup",
                        "db01-from-backup"))));
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.problem(507, "datastore-full", "datastore 'instant-ds': make room"));
        Page page = open("");
        page.locator("lab-inventory [data-id=group-v3]").click();
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("VMs")).click();
        page.getByLabel("Select web01-from-backup").check();
        page.getByLabel("Select db01-from-backup").check();
        page.locator(".vm-list .actions").click();
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        item(page, "Finalize...").click();
        FrameLocator dialog = dialog(page);

        dialog.getByRole(AriaRole.BUTTON, in("Finalize 2")).click();

        assertThat(dialog.locator("tbody .vf-danger")).hasCount(2);
        assertThat(dialog.locator("tbody")).containsText("make room");
        assertThat(dialog.getByRole(AriaRole.BUTTON, in("Finalize 2"))).isEnabled();
        look(page, "finalize-several-refused");
    }
}
