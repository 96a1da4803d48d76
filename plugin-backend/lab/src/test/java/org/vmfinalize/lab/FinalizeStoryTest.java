package org.vmfinalize.lab;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.MouseButton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.backup.BackupContent;
import org.vmfinalize.lab.backup.BackupMaker;
import org.vmfinalize.lab.backup.MadeBackup;
import org.vmfinalize.lab.client.Chromium;
import org.vmfinalize.lab.guest.DiskCheck;
import org.vmfinalize.lab.guest.Guest;
import org.vmfinalize.lab.guest.GuestPlan;

/// The job as a user does it in a browser; vCenter, plugin server, backup, datastore and guest are the lab's, in full.
class FinalizeStoryTest {

    private static final long SEED = 20;
    private static final long SIZE = 48 << 20;

    /// Slow enough to be looked at.
    private static final String LIMIT = "6";

    private static final String NEW_NAME = "shop-01";

    @TempDir
    private static Path folder;

    private static Chromium chromium;
    private static LabSite site;
    private static MadeBackup backup;
    /// How many VMs there were.
    private static int vms;

    private InstantVm vm;
    private Guest guest;
    private boolean isGuestRunning;
    private Page page;

    @BeforeAll
    static void startSite() throws IOException {
        chromium = new Chromium();
        backup = BackupMaker.make(folder.resolve("backup"), new BackupContent(SEED, SIZE), _ -> {
        });
        site = LabSite.open(folder.resolve("server"), folder.resolve("backup"),
                Files.createDirectories(folder.resolve("datastore")),
                0);
        site.startServer();
    }

    @AfterAll
    static void stopSite() throws IOException {
        try (var _ = chromium; var _ = site) {
            // Both are closed here.
        }
    }

    @BeforeEach
    void runVmFromBackup() throws IOException {
        chromium.complaints.clear();
        vm = site.api().createInstantVm("erp-%02d-instant".formatted(++vms), backup.top().toString(),
                LabSite.DATASTORE);
        guest = Guest.start(site.nfs(), LabSite.EXPORT, flatFile().inDatastore(), backup.content(),
                new GuestPlan(SEED, 50, 2));
        isGuestRunning = true;
        page = chromium.open(site.vsphere().page(), 1440, 810);
    }

    @AfterEach
    void leave() throws IOException {
        page.close();
        stopGuest();
    }

    @Test
    void finalizesByMouseWhileTheGuestWorks() throws Exception {
        assertThat(icon()).hasAttribute("data-icon", "managed");
        select(vm.name());
        assertThat(page.locator(".managed-by")).containsText("Runs from a backup.");
        Chromium.keep(page, "story-1-runs-from-backup");

        openMenu(otherVm());
        assertThat(page.getByRole(AriaRole.MENUITEM, named("No actions"))).isVisible();
        assertThat(finalizeMenu()).hasCount(0);
        Chromium.keep(page, "story-2-ordinary-vm");

        openMenu(vm.name());
        finalizeMenu().hover();
        assertThat(finalizeItem()).isEnabled();
        Chromium.keep(page, "story-3-menu");
        finalizeItem().click();
        Locator name = dialog().getByLabel("Name", exactly());
        assertThat(name).hasValue(vm.name());
        name.fill(otherVm());
        dialogButton("Finalize").click();
        assertThat(dialog().locator("#vf-name-help"))
                .hasText(Pattern.compile("name '" + otherVm() + "': .* choose another name"));
        assertThat(dialog().locator(".alert")).isHidden();
        assertThat(name).isFocused();
        Chromium.keep(page, "story-4-name-taken");

        name.fill(NEW_NAME);
        dialog().getByText("Advanced").click();
        dialog().getByLabel("Speed limit").fill(LIMIT);
        Chromium.keep(page, "story-5-dialog");
        dialogButton("Finalize").click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(treeItem()).hasText(NEW_NAME);
        Locator task = task("running");
        assertThat(task).containsText(NEW_NAME);
        assertThat(task.locator("progress + span")).hasText(Pattern.compile("[1-9]\\d%"));
        assertThat(icon()).hasAttribute("data-icon", "managed");
        Chromium.keep(page, "story-6-running");
        openMenu(NEW_NAME);
        finalizeMenu().hover();
        assertThat(finalizeItem()).isDisabled();
        page.keyboard().press("Escape");
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();
        assertThat(monitor().locator("vf-progress")).containsText("%");
        assertThat(monitor().locator("canvas")).isVisible();
        Chromium.keep(page, "story-7-monitor");

        assertThat(task("success")).hasCount(1);
        assertThat(icon()).hasAttribute("data-icon", "usual");
        assertThat(monitor().locator("h1")).hasText("Finalized");
        assertThat(monitor().locator(".vf-receipt")).containsText("vm-finalize receipt ");
        Chromium.keep(page, "story-8-finalized");
        openMenu(NEW_NAME);
        assertThat(page.getByRole(AriaRole.MENUITEM, named("No actions"))).isVisible();
        assertThat(finalizeMenu()).hasCount(0);
        page.keyboard().press("Escape");
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Summary")).click();
        assertThat(page.locator(".managed-by")).hasCount(0);
        Chromium.keep(page, "story-9-regular");

        assertThatGuestLostNothing();
        // Chromium reports the refusal of the name, which was wanted, and the map of a disk that is complete by now.
        assertThat(chromium.complaints).allMatch(complaint -> complaint.contains("409"));
    }

    @Test
    void cancelsTheTaskAsVCenterDoesAndFinalizesLater() throws Exception {
        startByDialog();

        task("running").getByRole(AriaRole.BUTTON).click();

        assertThat(task("error")).hasCount(1);
        assertThat(icon()).hasAttribute("data-icon", "managed");
        Chromium.keep(page, "story-cancelled");
        startByDialog();
        assertThat(task("success")).hasCount(1);
        assertThat(icon()).hasAttribute("data-icon", "usual");
        assertThatGuestLostNothing();
        assertThat(chromium.complaints).isEmpty();
    }

    private void assertThatGuestLostNothing() throws IOException {
        stopGuest();
        assertThat(guest.report().errors()).as("%s", guest.report().firstError()).isZero();
        assertThat(guest.report().writes()).isPositive();
        assertThat(DiskCheck.ofFile(flatFile().path(), guest.expectedDisk()).isIdentical()).isTrue();
    }

    private void stopGuest() throws IOException {
        if (isGuestRunning) {
            isGuestRunning = false;
            guest.stop();
        }
    }

    private void startByDialog() {
        openMenu(vm.name());
        finalizeMenu().hover();
        finalizeItem().click();
        dialog().getByText("Advanced").click();
        dialog().getByLabel("Speed limit").fill(LIMIT);
        dialogButton("Finalize").click();
        assertThat(page.locator("dialog")).hasCount(0);
    }

    private FlatFile flatFile() {
        return FlatFile.of(site.datastoreDirectory(), vm.disks().getFirst().file());
    }

    /// Any machine that does not run from a backup.
    private static String otherVm() {
        return site.vsphere().machines().stream().filter(machine -> !machine.managed())
                .map(LabVSphere.Machine::name).filter(name -> !name.equals(NEW_NAME)).findFirst()
                .orElseThrow();
    }

    private Locator treeItem() {
        return page.locator("lab-inventory [data-id=" + vm.id() + "]");
    }

    private Locator row(String name) {
        return page.getByRole(AriaRole.TREEITEM).filter(new Locator.FilterOptions()
                .setHas(page.getByText(name, new Page.GetByTextOptions().setExact(true))));
    }

    private Locator icon() {
        return treeItem().locator(".icon");
    }

    private Locator task(String state) {
        return page.locator("lab-tasks tr[data-state=" + state + "][data-target=" + vm.id() + "]")
                .filter(new Locator.FilterOptions().setHasText("Finalize virtual machine"));
    }

    private void select(String name) {
        row(name).click();
    }

    private void openMenu(String name) {
        row(name).click(new Locator.ClickOptions().setButton(MouseButton.RIGHT));
        assertThat(page.locator("#menu")).not().containsText("Loading");
    }

    private Locator finalizeMenu() {
        return page.getByRole(AriaRole.MENUITEM, named("VM Finalize"));
    }

    private Locator finalizeItem() {
        return page.getByRole(AriaRole.MENUITEM, named("Finalize..."));
    }

    private FrameLocator dialog() {
        return page.frameLocator("dialog iframe");
    }

    private Locator dialogButton(String name) {
        return dialog().getByRole(AriaRole.BUTTON, new FrameLocator.GetByRoleOptions().setName(name)
                .setExact(true));
    }

    private FrameLocator monitor() {
        return page.frameLocator("lab-object iframe");
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static FrameLocator.GetByLabelOptions exactly() {
        return new FrameLocator.GetByLabelOptions().setExact(true);
    }
}
