package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.MouseButton;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// The plugin's pages in the lab's client, used by mouse and keyboard; the plugin server's answers are scripted.
class PluginPagesTest {

    private static Chromium chromium;

    private final FixedVSphere vsphere = new FixedVSphere();
    private ScriptedPlugin plugin;
    private LabClient client;

    @BeforeAll
    static void launch() {
        chromium = new Chromium();
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void start() throws IOException {
        chromium.complaints.clear();
        plugin = new ScriptedPlugin();
        vsphere.extensions.add(plugin.extension());
        client = LabClient.start(vsphere, "administrator@vsphere.local", 0);
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(Samples.INSTANT_VM)));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51", Reply.json(Samples.INSTANT_VM));
        plugin.replies.put("GET /api/v1/finalizations", Reply.json(Samples.items()));
        offer(true, true);
    }

    @AfterEach
    void stop() {
        client.close();
        plugin.close();
    }

    @Test
    void startsAFinalizationByMouse() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = chromium.open(client, "", 1280, 800);
        assertThat(page.locator("lab-inventory [data-id=vm-51] .icon")).hasAttribute("data-icon", "managed");
        assertThat(page.locator("lab-inventory [data-id=vm-41] .icon")).hasAttribute("data-icon", "usual");
        Chromium.keep(page, "client-summary");

        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        assertThat(item(page, "Finalize...")).isVisible();
        Chromium.keep(page, "client-menu");
        item(page, "Finalize...").click();

        FrameLocator dialog = page.frameLocator("dialog iframe");
        assertThat(page.locator("dialog h2")).hasText("Finalize Virtual Machine");
        assertThat(dialog.getByLabel("Name", new FrameLocator.GetByLabelOptions().setExact(true)))
                .hasValue("web01-from-backup");
        assertThat(dialog.locator(".vf-left")).containsText("24.4 GB of 140 GB still in the backup");
        Chromium.keep(page, "finalize-dialog");
        dialog.locator("#vf-name").fill("web01");
        dialog.getByText("Thick Provision Eager Zeroed").click();
        plugin.received.clear();
        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order().body())
                .isEqualTo("{\"vm\":\"vm-51\",\"name\":\"web01\",\"provisioning\":\"eager-thick\"}");
        assertThat(chromium.complaints).isEmpty();
        page.close();
    }

    @Test
    void startsAFinalizationByKeyboard() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = chromium.open(client, "", 1280, 800);

        page.locator("lab-inventory [data-id=vm-51]").focus();
        page.keyboard().press("Shift+F10");
        assertThat(page.getByRole(AriaRole.MENUITEM, named("VM Finalize"))).isFocused();
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Enter");
        FrameLocator dialog = page.frameLocator("dialog iframe");
        assertThat(dialog.locator("#vf-name")).isFocused();
        plugin.received.clear();
        page.keyboard().press("Enter");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order().body()).isEqualTo("{\"vm\":\"vm-51\",\"provisioning\":\"thin\"}");
        page.close();
    }

    @Test
    void closesTheDialogOnEscapeAndStartsNothing() {
        Page page = openDialog("");
        plugin.received.clear();

        page.frameLocator("dialog iframe").locator("#vf-name").press("Escape");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(plugin.received).noneMatch(each -> each.call().startsWith("POST /api"));
        page.close();
    }

    @ParameterizedTest
    @CsvSource({"name-taken, name", "name-invalid, name", "datastore-full, provisioning",
            "invalid-provisioning, provisioning"})
    void showsARefusalBesideItsField(String problem, String field) throws Exception {
        plugin.replies.put("POST /api/v1/finalizations", Reply.problem(409, problem, "this is why; do that"));
        Page page = openDialog("");
        FrameLocator dialog = page.frameLocator("dialog iframe");

        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(dialog.locator("[data-field=" + field + "] .clr-subtext")).hasText("this is why; do that");
        assertThat(dialog.locator(".alert")).isHidden();
        assertThat(dialog.getByRole(AriaRole.BUTTON, in("Finalize"))).isEnabled();
        Chromium.keep(page, "finalize-dialog-" + problem);
        page.close();
    }

    @Test
    void showsAnyOtherRefusalOnTop() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.problem(409, "already-finalizing", "VM 'web01': a finalization is running already"));
        Page page = openDialog("");
        FrameLocator dialog = page.frameLocator("dialog iframe");

        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(dialog.locator(".alert")).hasText("VM 'web01': a finalization is running already");
        Chromium.keep(page, "finalize-dialog-refused");
        page.close();
    }

    @Test
    void takesNoMarkupFromData() {
        String markup = "<img src=x onerror=alert(1)>";
        plugin.replies.put("GET /api/v1/instant-vms/vm-51",
                Reply.json(Samples.INSTANT_VM.replace("/backups/web01/2026-11-22.qcow2", markup)));
        Page page = openDialog("");

        assertThat(page.frameLocator("dialog iframe").locator(".vf-backup")).hasText(markup);
        assertThat(page.frameLocator("dialog iframe").locator(".vf-need img")).hasCount(0);
        page.close();
    }

    @Test
    void checksTheNameAsItIsTyped() throws Exception {
        Page page = openDialog("");
        FrameLocator dialog = page.frameLocator("dialog iframe");
        Locator help = dialog.locator("#vf-name-help");

        dialog.locator("#vf-name").fill("");
        assertThat(help).hasText("Enter a name for the virtual machine.");
        Chromium.keep(page, "finalize-dialog-no-name");
        dialog.locator("#vf-name").fill("x".repeat(81));
        assertThat(help).hasText("The name must not be longer than 80 characters.");
        dialog.locator("#vf-name").fill("web01");
        assertThat(help).hasText("Keeps its name unless you give another one.");
        page.close();
    }

    @Test
    void hidesTheActionWhereItIsNotRelevant() throws Exception {
        offer(false, false);
        Page page = chromium.open(client, "", 1280, 800);

        openMenu(page, "files01");

        assertThat(item(page, "No actions")).isVisible();
        assertThat(page.getByRole(AriaRole.MENUITEM, named("VM Finalize"))).hasCount(0);
        page.close();
    }

    @Test
    void greysTheActionWhereItIsNotPossibleNow() {
        offer(false, true);
        Page page = chromium.open(client, "", 1280, 800);

        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();

        assertThat(item(page, "Finalize...")).isDisabled();
        page.close();
    }

    @ParameterizedTest
    @CsvSource({"1280, 720", "1920, 1080"})
    void showsTheWholeStoryOnOnePage(int width, int height) throws Exception {
        vsphere.tasks.add(FixedVSphere.task("running", 42, "Copying"));
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        Page page = chromium.open(client, "", width, height);
        assertThat(page.locator("lab-tasks")).containsText("42%");
        Chromium.keep(page, "client-running-" + width);

        vsphere.tasks.set(0, FixedVSphere.task("success", 100, ""));
        vsphere.finalized("vm-51", "web01");

        assertThat(page.locator("lab-tasks")).containsText("Completed");
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).hasText("web01");
        assertThat(page.locator("lab-inventory [data-id=vm-51] .icon")).hasAttribute("data-icon", "usual");
        Chromium.keep(page, "client-done-" + width);
        page.close();
    }

    @Test
    void speaksGermanInTheDark() throws Exception {
        Page page = chromium.open(client, "?lang=de-DE", 1280, 800);
        page.locator("#theme").click();
        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        Chromium.keep(page, "client-menu-dark");
        item(page, "Finalisieren...").click();

        FrameLocator dialog = page.frameLocator("dialog iframe");
        assertThat(dialog.locator(".vf-left")).containsText("Noch 24,4 GB von 140 GB im Backup");
        assertThat(dialog.locator("body")).hasAttribute("cds-theme", "dark");
        assertThat(dialog.locator("html")).hasAttribute("lang", "de");
        Chromium.keep(page, "finalize-dialog-dark-de");
        page.close();
    }

    @Test
    void pausesAndCancelsFromTheOverview() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations", Reply.json(Samples.items(
                Samples.finalization("hydrating", 42, null),
                Samples.ended("2", "db02", "completed", 100, null),
                Samples.ended("3", "db03", "failed", 30,
                        "datastore 'instant-ds' is full; make room and start again"))));
        plugin.replies.put("POST /api/v1/finalizations/1/pause",
                Reply.json(Samples.finalization("paused", 42, "paused by administrator")));
        Page page = chromium.open(client, "", 1280, 800);
        page.locator("#navigator").click();
        item(page, "VM Finalize").click();
        FrameLocator overview = page.frameLocator("lab-object iframe");
        assertThat(overview.locator(".vf-finalizations tbody tr")).hasCount(3);
        assertThat(overview.locator(".vf-finalizations")).containsText("make room and start again");
        Chromium.keep(page, "overview");
        plugin.received.clear();

        overview.getByRole(AriaRole.BUTTON, in("Pause: web01")).click();

        assertThat(plugin.received.take().call()).isEqualTo("POST /api/v1/finalizations/1/pause");
        page.locator("#theme").click();
        assertThat(overview.locator("body")).hasAttribute("cds-theme", "dark");
        Chromium.keep(page, "overview-dark");
        page.close();
    }

    @Test
    void followsAFinalizationInTheMonitorView() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        Page page = chromium.open(client, "", 1280, 800);
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();
        FrameLocator monitor = page.frameLocator("lab-object iframe");
        assertThat(monitor.locator("vf-progress")).containsText("42%");

        plugin.events.add("event: progress\ndata: " + Samples.finalization("hydrating", 77, null) + "\n\n");

        assertThat(monitor.locator("vf-progress")).containsText("77%");
        Chromium.keep(page, "monitor");
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.ended("1", "web01", "completed", 100, null))));
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items()));
        plugin.events.add("");
        assertThat(monitor.locator("h1")).hasText("Finalized");
        Chromium.keep(page, "monitor-done");
        page.close();
    }

    @Test
    void hasNoMonitorViewWhereThereIsNothingToFollow() {
        offerMonitor(false);
        Page page = chromium.open(client, "", 1280, 800);

        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();

        assertThat(page.locator("lab-object .content")).hasText("Nothing to monitor here.");
        page.close();
    }

    @Test
    void asksARunningTaskToEndByItsButton() {
        vsphere.tasks.add(FixedVSphere.task("running", 42, "Copying"));
        Page page = chromium.open(client, "", 1280, 800);

        page.getByRole(AriaRole.BUTTON, named("Cancel: Finalize virtual machine, web01")).click();

        page.waitForCondition(() -> vsphere.cancelled.equals(List.of("task-7")));
        page.close();
    }

    @Test
    void limitsTheSpeedAndRefusesWhatIsNoNumber() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = openDialog("");
        FrameLocator dialog = page.frameLocator("dialog iframe");
        Locator limit = dialog.getByLabel("Speed limit");
        plugin.received.clear();

        limit.fill("fast");
        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();
        assertThat(dialog.locator("#vf-limit-help")).containsText("whole number");
        assertThat(limit).isFocused();
        Chromium.keep(page, "finalize-dialog-limit");
        limit.fill("200");
        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order().body())
                .isEqualTo("{\"vm\":\"vm-51\",\"provisioning\":\"thin\",\"bytesPerSecond\":209715200}");
        page.close();
    }

    @Test
    void opensABrokenEventStreamAgain() {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        Page page = chromium.open(client, "", 1280, 800);
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();
        FrameLocator monitor = page.frameLocator("lab-object iframe");
        plugin.events.add("event: progress\ndata: " + Samples.finalization("hydrating", 50, null) + "\n\n");
        assertThat(monitor.locator("vf-progress")).containsText("50%");

        plugin.events.add("");
        plugin.events.add("event: progress\ndata: " + Samples.finalization("hydrating", 60, null) + "\n\n");

        assertThat(monitor.locator("vf-progress")).containsText("60%");
        page.close();
    }

    @Test
    void saysSoWhenTheServerIsAwayAndRecovers() throws Exception {
        Reply wellbeing = plugin.replies.put("GET /api/v1/finalizations",
                new Reply(502, "text/plain", "bad gateway"));
        Page page = chromium.open(client, "", 1280, 800);
        page.locator("#navigator").click();
        item(page, "VM Finalize").click();
        FrameLocator overview = page.frameLocator("lab-object iframe");
        assertThat(overview.locator(".alert")).containsText("Not up to date");

        plugin.replies.put("GET /api/v1/finalizations", wellbeing);

        assertThat(overview.locator(".alert")).isHidden();
        page.close();
    }

    private Page openDialog(String query) {
        Page page = chromium.open(client, query, 1280, 800);
        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        item(page, "Finalize...").click();
        assertThat(page.frameLocator("dialog iframe").locator("#vf-name")).hasValue("web01-from-backup");
        return page;
    }

    private static void openMenu(Page page, String vm) {
        page.getByRole(AriaRole.TREEITEM).filter(new Locator.FilterOptions().setHasText(vm)).click(
                new Locator.ClickOptions().setButton(MouseButton.RIGHT));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static FrameLocator.GetByRoleOptions in(String name) {
        return new FrameLocator.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Locator item(Page page, String name) {
        return page.getByRole(AriaRole.MENUITEM, named(name));
    }

    private void offer(boolean visible, boolean relevant) {
        plugin.replies.put("POST /dynamic/vm/actions", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeAction","visible":%b,"relevant":%b}]}"""
                .formatted(visible, relevant)));
        offerMonitor(relevant);
    }

    private void offerMonitor(boolean visible) {
        plugin.replies.put("POST /dynamic/vm/monitor", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeMonitor","visible":%b}]}"""
                .formatted(visible)));
    }

    /// The order that started a finalization.
    private ScriptedPlugin.Received order() throws InterruptedException {
        ScriptedPlugin.Received received = plugin.received.take();
        while (!received.call().equals("POST /api/v1/finalizations")) {
            received = plugin.received.take();
        }
        assertThat(received.token()).isEqualTo(FixedVSphere.TOKEN);
        return received;
    }
}
