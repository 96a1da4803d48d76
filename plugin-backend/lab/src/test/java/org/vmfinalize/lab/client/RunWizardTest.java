package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// The wizard that runs a machine from a backup.
class RunWizardTest extends PluginPages {

    @Test
    void runsAMachineFromABackup() throws Exception {
        plugin.replies.put("GET /api/v1/backups", Reply.json(Samples.BACKUPS));
        plugin.replies.put("POST /api/v1/instant-vms", Reply.json(Samples.INSTANT_VM));
        Page page = open("");
        FrameLocator overview = openOverview(page, "Backups");
        assertThat(overview.locator(".vf-backups tbody tr")).hasCount(2);
        look(page, "overview-backups");
        overview.getByRole(AriaRole.BUTTON, in("Run from backup...: db01")).click();
        FrameLocator wizard = dialog(page);
        assertThat(wizard.locator(".vf-facts")).containsText("s3://nightly/db01.qcow2");
        look(page, "run-1-point");
        page.keyboard().press("Tab");
        wizard.getByRole(AriaRole.BUTTON, in("Next")).click();
        wizard.locator("#vf-name").fill("db01-test");
        look(page, "run-2-name");
        page.keyboard().press("Enter");
        wizard.locator("#vf-host").selectOption("host-9");
        wizard.locator("#vf-network").selectOption("disconnected");
        look(page, "run-3-destination");
        wizard.getByRole(AriaRole.BUTTON, in("Next")).click();
        assertThat(wizard.locator(".vf-review")).containsText("db01-test");
        look(page, "run-4-review");
        plugin.received.clear();

        wizard.getByRole(AriaRole.BUTTON, in("Run")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(await("POST /api/v1/instant-vms").body()).isEqualTo(
                "{\"name\":\"db01-test\",\"backup\":\"p-2\",\"datastore\":\"instant-ds\",\"host\":\"host-9\",\"network\":\"disconnected\"}");
    }
}
