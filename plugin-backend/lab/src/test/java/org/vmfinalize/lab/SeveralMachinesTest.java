package org.vmfinalize.lab;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.client.Look;

/// More than one machine, and those that are still to be made.
class SeveralMachinesTest extends RealPages {

    @Test
    void severalAreFinalizedWithOneStartAndSteeredTogether() throws Exception {
        List<InstantVm> vms = List.of(runVm(), runVm());
        Page page = open();
        page.locator("lab-inventory [data-id=datacenter-1]").click();
        page.getByRole(AriaRole.TAB, named("VMs")).click();
        for (InstantVm vm : vms) {
            page.getByLabel("Select " + vm.name()).check();
        }
        page.locator(".vm-list .actions").click();
        assertThat(page.locator("#menu")).not().containsText("Loading");
        FrameLocator dialog = choose(page, "Finalize...");
        assertThat(dialog.locator("tbody tr")).hasCount(2);
        dialog.locator("#vf-limit").fill("1");
        Look.asItIs(page, "several-1-dialog");
        dialog.getByRole(AriaRole.BUTTON, in("Finalize 2")).click();
        assertThat(page.locator("dialog")).hasCount(0);

        FrameLocator overview = openOverview(page, "Finalizations");
        Locator rows = overview.locator(".vf-finalizations tbody tr");
        assertThat(rows).hasCount(2);
        overview.locator(".vf-finalizations").getByLabel("Select all").check();
        overview.getByRole(AriaRole.BUTTON, in("Pause (2)")).click();
        assertThat(overview.locator(".vf-finalizations tbody .label-warning")).hasCount(2);
        Look.inBothThemes(page, "several-2-paused");
        overview.getByRole(AriaRole.BUTTON, in("Resume (2)")).click();
        assertThat(overview.locator(".vf-finalizations tbody .label-info")).hasCount(2);
        for (InstantVm vm : vms) {
            FrameLocator monitor = openMonitor(page, vm);
            monitor.locator("#vf-pace").fill("");
            monitor.locator(".vf-pace button").click();
            assertThat(task(page, vm, "success")).hasCount(1);
        }

        overview = openOverview(page, "History");
        for (InstantVm vm : vms) {
            assertThat(overview.locator(".vf-history tbody")).containsText(vm.name());
        }
        overview.getByRole(AriaRole.BUTTON, in("Show: " + vms.getFirst().name())).click();
        assertThat(overview.locator(".vf-receipt")).containsText("from the backup");
        Look.asItIs(page, "several-3-history");
    }

    @Test
    void theWizardRunsAMachineThatIsThenDiscarded() throws Exception {
        Page page = open();
        FrameLocator overview = openOverview(page, "Backups");
        overview.locator(".vf-backups tbody button").first().click();
        FrameLocator wizard = dialog(page);
        assertThat(wizard.locator(".vf-facts")).containsText("qcow2");
        Look.asItIs(page, "wizard-1-point");
        wizard.locator(".btn-primary").click();
        wizard.locator("#vf-name").fill("by-wizard");
        Look.asItIs(page, "wizard-2-name");
        wizard.locator(".btn-primary").click();
        assertThat(wizard.locator("#vf-network option")).not().hasCount(2);
        wizard.locator("#vf-network").selectOption("disconnected");
        Look.asItIs(page, "wizard-3-destination");
        wizard.locator(".btn-primary").click();
        assertThat(wizard.locator(".vf-review")).containsText("by-wizard");
        Look.asItIs(page, "wizard-4-review");

        wizard.locator(".btn-primary").click();

        assertThat(page.locator("dialog")).hasCount(0);
        Locator vm = page.getByRole(AriaRole.TREEITEM)
                .filter(new Locator.FilterOptions().setHasText("by-wizard"));
        assertThat(vm.locator(".icon")).hasAttribute("data-icon", "managed");
        openMenu(page, vm);
        FrameLocator dialog = choose(page, "Discard...");
        assertThat(dialog.locator("tbody")).containsText("by-wizard");
        Look.asItIs(page, "discard");
        dialog.locator(".btn-primary").click();
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(vm).hasCount(0);
    }
}
