package org.vmfinalize.lab;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.MouseButton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.backup.BackupContent;
import org.vmfinalize.lab.backup.BackupMaker;
import org.vmfinalize.lab.backup.MadeBackup;
import org.vmfinalize.lab.client.Chromium;

/// What tests of the pages start from in which nothing is scripted: vCenter, plugin server, backup and datastore are the
/// lab's, in full. And the words of how a user of a mouse gets to a page.
abstract class RealPages {

    static final long SEED = 20;
    /// At 1 MB/s there is a minute to look at what goes on.
    static final long SIZE = 64 << 20;

    @TempDir
    static Path folder;

    static Chromium chromium;
    static LabSite site;
    static MadeBackup backup;
    /// How many VMs there were.
    private static int vms;

    final List<Page> pages = new ArrayList<>();

    @BeforeAll
    static void startSite() throws IOException {
        chromium = new Chromium();
        backup = BackupMaker.make(folder.resolve("backup"), new BackupContent(SEED, SIZE), _ -> {
        });
        site = LabSite.open(folder.resolve("server"), folder.resolve("backup"),
                Files.createDirectories(folder.resolve("datastore")), 0);
        site.startServer();
    }

    @AfterAll
    static void stopSite() throws IOException {
        try (var _ = chromium; var _ = site) {
            // Both are closed here.
        }
    }

    @BeforeEach
    void forgetComplaints() {
        chromium.complaints.clear();
    }

    @AfterEach
    void closePages() {
        pages.forEach(page -> page.context().close());
    }

    static InstantVm runVm() throws IOException {
        return runVm("erp-%02d-instant".formatted(++vms));
    }

    static InstantVm runVm(String name) throws IOException {
        return site.api().createInstantVm(name, backup.top().toString(), LabSite.DATASTORE);
    }

    static FlatFile flatFile(InstantVm vm) {
        return FlatFile.of(site.datastoreDirectory(), vm.disks().getFirst().file());
    }

    Page open(String query, int width, int height) {
        var page = chromium.open(site.vsphere().page().resolve("/" + query), width, height);
        pages.add(page);
        return page;
    }

    Page open() {
        return open("", 1280, 720);
    }

    static Locator treeItem(Page page, InstantVm vm) {
        return page.locator("lab-inventory [data-id=" + vm.id() + "]");
    }

    static void openMenu(Page page, InstantVm vm) {
        openMenu(page, treeItem(page, vm));
    }

    static void openMenu(Page page, Locator what) {
        what.click(new Locator.ClickOptions().setButton(MouseButton.RIGHT));
        assertThat(page.locator("#menu")).not().containsText("Loading");
    }

    /// Opens a dialog of the menu that is shown.
    static FrameLocator choose(Page page, String action) {
        item(page, "VM Finalize").hover();
        item(page, action).click();
        return dialog(page);
    }

    static FrameLocator openOverview(Page page, String tab) {
        assertThat(page.getByRole(AriaRole.TREEITEM).first()).isVisible();
        page.locator("#navigator").click();
        item(page, "VM Finalize").click();
        view(page).getByRole(AriaRole.TAB, in(tab)).click();
        return view(page);
    }

    static FrameLocator openMonitor(Page page, InstantVm vm) {
        treeItem(page, vm).click();
        page.getByRole(AriaRole.TAB, named("Monitor")).click();
        return view(page);
    }

    static Locator item(Page page, String name) {
        return page.getByRole(AriaRole.MENUITEM, named(name));
    }

    static FrameLocator dialog(Page page) {
        return page.frameLocator("dialog iframe");
    }

    static FrameLocator view(Page page) {
        return page.frameLocator("lab-object iframe");
    }

    static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    static FrameLocator.GetByRoleOptions in(String name) {
        return new FrameLocator.GetByRoleOptions().setName(name).setExact(true);
    }

    /// A finalization's row among the recent tasks.
    static Locator task(Page page, InstantVm vm, String state) {
        return page.locator("lab-tasks tr[data-state=" + state + "][data-target=" + vm.id() + "]")
                .filter(new Locator.FilterOptions().setHasText("Finalize virtual machine"));
    }
}
