package org.vmfinalize.lab;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.lab.client.Chromium;
import org.vmfinalize.lab.client.Look;
import org.vmfinalize.lab.guest.DiskCheck;
import org.vmfinalize.lab.guest.Guest;
import org.vmfinalize.lab.guest.GuestPlan;

/// The job as a user does it in a browser, while the guest works.
class FinalizeStoryTest extends RealPages {

    /// In MB/s; slow enough to be looked at.
    private static final String LIMIT = "1";

    /// Copying and verifying give way to the guest, which works all the time.
    private static final HasCountOptions AT_ITS_PACE = new HasCountOptions().setTimeout(180_000);

    private InstantVm vm;
    private Guest guest;
    private boolean isGuestRunning;

    /// What the pages say in the user's language.
    private record Words(String open, String start, String taken, String pause, String paused, String resume,
            String finalized, String receipt, String verified) {

        static Words of(String language) {
            return switch (language) {
                case "en" ->
                    new Words("Finalize...", "Finalize", "name '.*': .* choose another name.*", "Pause",
                            "Paused", "Resume", "Finalized", "Receipt",
                            "Yes: every disk was read back and compared");
                case "de" ->
                    new Words("Finalisieren...", "Finalisieren", ".*Name.*", "Anhalten", "Angehalten",
                            "Fortsetzen", "Finalisiert", "Beleg",
                            "Ja: jede Festplatte wurde zurückgelesen und verglichen");
                default -> throw new IllegalArgumentException(language);
            };
        }
    }

    /// Keeps a picture of a page.
    private interface Looker {
        void look(Page page, String name) throws IOException;
    }

    @BeforeEach
    void runVmFromBackup() throws IOException {
        vm = runVm();
        guest = Guest.start(site.nfs(), LabSite.EXPORT, flatFile(vm).inDatastore(), backup.content(),
                new GuestPlan(SEED, 50, 2));
        isGuestRunning = true;
    }

    @AfterEach
    void leave() throws IOException {
        stopGuest();
    }

    /// Of hand, theme, language and size any three meet in each of their combinations.
    @ParameterizedTest(name = "{0} {1} {2} {3}x{4}")
    @CsvSource({"mouse, light, en, 1280, 720", "mouse, light, de, 1920, 1080", "mouse, dark, en, 1920, 1080",
            "mouse, dark, de, 1280, 720", "keyboard, light, en, 1920, 1080", "keyboard, light, de, 1280, 720",
            "keyboard, dark, en, 1280, 720", "keyboard, dark, de, 1920, 1080"})
    void finalizesWhileTheGuestWorks(String hand, String theme, String language, int width, int height)
            throws Exception {
        Words words = Words.of(language);
        String newName = "shop-" + vm.id();
        Page page = open("?lang=" + language, width, height);
        ClientUser user = ClientUser.of(hand, page);
        String picture = "story-%s-%s-%s-%d-".formatted(hand, theme, language, width);
        // The pages are the same under either hand: they are judged once.
        Looker looker = hand.equals("mouse") ? Look::asItIs : Chromium::keep;
        Locator icon = treeItem(page, vm).locator(".icon");
        Locator action = item(page, words.open());
        assertThat(icon).hasAttribute("data-icon", "managed");
        if (theme.equals("dark")) {
            user.press(page.locator("#theme"));
        }
        assertThat(page.locator("body")).hasAttribute("cds-theme", theme);

        user.openMenu(page.locator("lab-inventory [data-id=" + otherVm().id() + "]"));
        assertThat(item(page, "No actions")).isVisible();
        assertThat(item(page, "VM Finalize")).hasCount(0);
        user.leaveMenu();
        user.select(treeItem(page, vm));
        assertThat(page.locator(".managed-by")).containsText("Runs from a backup.");
        assertThat(page.frameLocator(".plugin-card iframe").locator(".btn")).hasText(words.open());
        looker.look(page, picture + "1-runs-from-backup");

        user.openMenu(treeItem(page, vm));
        user.choose(item(page, "VM Finalize"), action);
        FrameLocator dialog = dialog(page);
        assertThat(dialog.locator("body")).hasAttribute("cds-theme", theme);
        assertThat(dialog.locator("html")).hasAttribute("lang", language);
        assertThat(dialog.locator("#vf-name")).hasValue(vm.name());
        assertThat(dialog.locator(".btn-primary")).hasText(words.start());
        user.fill(dialog.locator("#vf-name"), otherVm().name());
        user.press(dialog.locator(".btn-primary"));
        assertThat(dialog.locator("#vf-name-help")).hasText(Pattern.compile(words.taken()));
        assertThat(dialog.locator(".alert")).isHidden();
        assertThat(dialog.locator("#vf-name")).isFocused();
        looker.look(page, picture + "2-name-taken");

        user.fill(dialog.locator("#vf-name"), newName);
        user.press(dialog.locator("summary"));
        user.fill(dialog.locator("#vf-limit"), LIMIT);
        user.check(dialog.locator("#vf-verify"));
        looker.look(page, picture + "3-dialog");
        user.press(dialog.locator(".btn-primary"));

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(treeItem(page, vm)).hasText(newName);
        assertThat(task(page, vm, "running")).containsText(newName);
        assertThat(icon).hasAttribute("data-icon", "managed");
        user.openMenu(treeItem(page, vm));
        assertThat(page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName(words.open())
                .setIncludeHidden(true))).isDisabled();
        user.leaveMenu();
        user.press(page.getByRole(AriaRole.TAB, named("Monitor")));
        FrameLocator monitor = view(page);
        assertThat(monitor.locator("vf-progress")).containsText("%");
        assertThat(monitor.locator("canvas")).isVisible();
        looker.look(page, picture + "4-running");
        user.press(step(monitor, words.pause()));
        assertThat(monitor.locator(".vf-head .label")).hasText(words.paused());
        looker.look(page, picture + "5-paused");
        user.press(step(monitor, words.resume()));
        assertThat(step(monitor, words.pause())).isVisible();
        user.fill(monitor.locator("#vf-pace"), " ");
        user.press(monitor.locator(".vf-pace button"));

        assertThat(task(page, vm, "success")).hasCount(1, AT_ITS_PACE);
        assertThat(icon).hasAttribute("data-icon", "usual");
        assertThat(monitor.locator("h1")).hasText(words.finalized());
        assertThat(monitor.locator(".vf-receipt h2")).hasText(words.receipt());
        assertThat(monitor.locator(".vf-receipt")).containsText(words.verified());
        looker.look(page, picture + "6-finalized");
        user.openMenu(treeItem(page, vm));
        assertThat(item(page, "No actions")).isVisible();
        assertThat(item(page, "VM Finalize")).hasCount(0);
        user.leaveMenu();
        user.press(page.getByRole(AriaRole.TAB, named("Summary")));
        assertThat(page.locator(".facts").first()).isVisible();
        assertThat(page.locator(".managed-by")).hasCount(0);
        looker.look(page, picture + "7-regular");

        assertThatGuestLostNothing();
        // Chromium reports the refusal of the name, which was wanted, and the map of a disk that is complete by now.
        assertThat(chromium.complaints).allMatch(complaint -> complaint.contains("409"));
    }

    @Test
    void cancelsTheTaskAsVCenterDoesAndFinalizesLater() throws Exception {
        Page page = open();
        startByDialog(page, LIMIT);

        task(page, vm, "running").getByRole(AriaRole.BUTTON).click();

        assertThat(task(page, vm, "error")).hasCount(1);
        Locator icon = treeItem(page, vm).locator(".icon");
        assertThat(icon).hasAttribute("data-icon", "managed");
        Look.asItIs(page, "story-cancelled");
        startByDialog(page, "");
        assertThat(task(page, vm, "success")).hasCount(1, AT_ITS_PACE);
        assertThat(icon).hasAttribute("data-icon", "usual");
        assertThatGuestLostNothing();
        assertThat(chromium.complaints).isEmpty();
    }

    @Test
    void movesToAnotherDatastoreAfterwards() throws Exception {
        site.host().runs(flatFile(vm).inDatastore(), guest);
        Page page = open();
        openMenu(page, vm);
        FrameLocator dialog = choose(page, "Finalize...");
        dialog.getByText("Advanced").click();
        dialog.locator("#vf-move").selectOption(new SelectOption().setLabel(LabSite.OTHER_DATASTORE));
        dialog.locator("#vf-move").scrollIntoViewIfNeeded();
        Look.inBothThemes(page, "move-1-dialog");
        dialog.locator(".btn-primary").click();
        assertThat(page.locator("dialog")).hasCount(0);

        assertThat(task(page, vm, "success")).hasCount(1, AT_ITS_PACE);

        assertThat(treeItem(page, vm).locator(".icon")).hasAttribute("data-icon", "usual");
        FrameLocator overview = openOverview(page, "History");
        assertThat(overview.locator(".vf-history tbody tr")
                .filter(new Locator.FilterOptions().setHasText(vm.name())))
                .containsText("All its data is on " + LabSite.OTHER_DATASTORE);
        Look.inBothThemes(page, "move-2-history");
        assertThatGuestLostNothing(site.otherDatastore().resolve(flatFile(vm).inDatastore()));
        assertThat(chromium.complaints).isEmpty();
    }

    private void assertThatGuestLostNothing() throws IOException {
        assertThatGuestLostNothing(flatFile(vm).path());
    }

    private void assertThatGuestLostNothing(Path disk) throws IOException {
        stopGuest();
        assertThat(guest.report().errors()).as("%s", guest.report().firstError()).isZero();
        assertThat(guest.report().writes()).isPositive();
        assertThat(DiskCheck.ofFile(disk, guest.expectedDisk()).isIdentical()).isTrue();
    }

    private void stopGuest() throws IOException {
        if (isGuestRunning) {
            isGuestRunning = false;
            guest.stop();
        }
    }

    private void startByDialog(Page page, String limit) {
        openMenu(page, vm);
        FrameLocator dialog = choose(page, "Finalize...");
        dialog.getByText("Advanced").click();
        dialog.getByLabel("Speed limit").fill(limit);
        dialog.locator(".btn-primary").click();
        assertThat(page.locator("dialog")).hasCount(0);
    }

    /// A machine that never ran from a backup.
    private static LabVSphere.Machine otherVm() {
        return site.vsphere().machines().stream()
                .filter(machine -> !machine.managed() && !machine.name().startsWith("shop-")).findFirst()
                .orElseThrow();
    }

    private static Locator step(FrameLocator monitor, String name) {
        return monitor.locator(".vf-steps").getByRole(AriaRole.BUTTON,
                new Locator.GetByRoleOptions().setName(name).setExact(true));
    }
}
