package org.vmfinalize.lab;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.client.Look;

/// What the pages say, and do by themselves, when something goes wrong that is no fault of their user.
class ServerErrorsTest extends RealPages {

    @Test
    void aServerThatIsKilledHalfWayIsWaitedForAndTheViewsGoOn() throws Exception {
        InstantVm vm = runVm();
        Page page = open();
        start(page, vm, "1");
        FrameLocator monitor = openMonitor(page, vm);
        assertThat(monitor.locator("vf-progress")).containsText("%");
        Page second = open();
        FrameLocator overview = openOverview(second, "Finalizations");
        assertThat(overview.locator(".vf-finalizations tbody tr")).hasCount(1);

        site.server().kill();

        assertThat(monitor.locator(".alert")).containsText("The VM Finalize server cannot be reached.");
        assertThat(overview.locator(".alert")).containsText("The VM Finalize server cannot be reached.");
        // What was known last is still there to be read.
        assertThat(monitor.locator("vf-progress")).containsText("%");
        Look.inBothThemes(page, "error-server-away-monitor");
        Look.asItIs(second, "error-server-away-overview");
        site.startServer();
        assertThat(monitor.locator(".alert")).isHidden();
        assertThat(overview.locator(".alert")).isHidden();
        monitor.locator("#vf-pace").fill("");
        monitor.locator(".vf-pace button").click();
        assertThat(monitor.locator("h1")).hasText("Finalized");
        assertThat(overview.locator(".vf-finalizations tbody tr")).hasCount(0);
        overview.getByText("History").click();
        assertThat(overview.locator(".vf-history")).containsText(vm.name());
    }

    @Test
    void aSessionThatIsOverIsToldAndTheNextOneIsUsed() throws Exception {
        InstantVm vm = runVm();
        Page page = open();
        openMenu(page, vm);
        FrameLocator dialog = choose(page, "Finalize...");
        assertThat(dialog.locator("#vf-name")).hasValue(vm.name());
        assertThat(dialog.locator(".vf-time")).not().isEmpty();

        site.vsphere().logOut();

        dialog.locator(".btn-primary").click();
        assertThat(dialog.locator(".alert"))
                .hasText("Your session has ended. Log in to the vSphere Client again.");
        Look.asItIs(page, "error-session-over");
        site.vsphere().logIn();
        dialog.locator(".btn-primary").click();
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(task(page, vm, "success")).hasCount(1);
    }

    @Test
    void aNameThatIsTakenIsToldBeforeTheStart() throws Exception {
        InstantVm vm = runVm();
        InstantVm other = runVm();
        Page page = open();
        openMenu(page, vm);
        FrameLocator dialog = choose(page, "Finalize...");
        assertThat(dialog.locator("#vf-name")).hasValue(vm.name());

        dialog.locator("#vf-name").fill(other.name());

        assertThat(dialog.locator("#vf-name-help"))
                .hasText(Pattern.compile("name '" + other.name() + "': .*"));
        dialog.locator("#vf-name").fill(other.name() + "-2");
        assertThat(dialog.locator("#vf-name-help")).hasText("Keeps its name unless you give another one.");
    }

    @Test
    void aDatastoreWithoutRoomIsToldBesideTheFormatAndWhileItWaits() throws Exception {
        Path directory = Files.createDirectories(folder.resolve("small"));
        try (var fileSystem = SmallFileSystem.mount(directory, "256m");
                var small = LabSite.open(folder.resolve("small-server"), folder.resolve("backup"), directory,
                        0)) {
            small.startServer();
            var vm = small.api().createInstantVm("shop-01", backup.top().toString(), LabSite.DATASTORE);
            Page page = chromium.open(small.vsphere().page(), 1280, 720);
            pages.add(page);
            start(page, vm, "1");
            FrameLocator monitor = openMonitor(page, vm);
            assertThat(monitor.locator("vf-progress")).containsText(Pattern.compile("[1-9]%"));

            Path filler = fileSystem.fill();

            assertThat(monitor.locator(".vf-head .label")).hasText("Paused");
            assertThat(monitor.locator("vf-progress"))
                    .containsText(Pattern.compile("no space|full", Pattern.CASE_INSENSITIVE));
            Look.asItIs(page, "error-space-gone-monitor");
            var refused = runOnFullDatastore(small, filler);
            openMenu(page, refused);
            FrameLocator dialog = choose(page, "Finalize...");
            assertThat(dialog.locator("[data-field=provisioning] .clr-subtext"))
                    .containsText(Pattern.compile("needs .* free"));
            Look.inBothThemes(page, "error-space-gone-dialog");
            page.keyboard().press("Escape");
            Files.delete(filler);
            monitor = openMonitor(page, vm);
            assertThat(monitor.locator(".vf-head .label")).hasText("Copying");
            monitor.locator("#vf-pace").fill("");
            monitor.locator(".vf-pace button").click();
            assertThat(monitor.locator("h1")).hasText("Finalized");
        }
    }

    /// A machine that was there before the datastore was full: for a moment there is room.
    private static InstantVm runOnFullDatastore(LabSite small, Path filler) throws IOException {
        try (var channel = java.nio.channels.FileChannel.open(filler,
                java.nio.file.StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - (8 << 20));
        }
        return small.api().createInstantVm("shop-02", backup.top().toString(), LabSite.DATASTORE);
    }

    private static void start(Page page, InstantVm vm, String limit) {
        openMenu(page, vm);
        FrameLocator dialog = choose(page, "Finalize...");
        dialog.getByText("Advanced").click();
        dialog.getByLabel("Speed limit").fill(limit);
        dialog.locator(".btn-primary").click();
        assertThat(page.locator("dialog")).hasCount(0);
    }
}
