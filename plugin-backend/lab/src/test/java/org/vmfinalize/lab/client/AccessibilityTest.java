package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Frame;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// All pages without a mouse, and what a screen reader is told of them.
class AccessibilityTest {

    private static Chromium chromium;
    private static String check;

    private final FixedVSphere vsphere = new FixedVSphere();
    private ScriptedPlugin plugin;
    private LabClient client;
    private Page page;

    @BeforeAll
    static void launch() throws IOException {
        chromium = new Chromium();
        try (InputStream script = AccessibilityTest.class.getResourceAsStream("accessibility.js")) {
            check = new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void start() throws IOException {
        plugin = new ScriptedPlugin();
        vsphere.extensions.add(plugin.extension());
        vsphere.tasks.add(FixedVSphere.task("running", 42, "Copying"));
        client = LabClient.start(vsphere, "administrator@vsphere.local", 0);
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(Samples.INSTANT_VM)));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51", Reply.json(Samples.INSTANT_VM));
        plugin.replies.put("GET /api/v1/finalizations", Reply.json(Samples.items(
                Samples.finalization("hydrating", 42, null),
                Samples.ended("2", "db02", "completed", 100, null),
                Samples.ended("3", "db03", "failed", 30, "datastore 'instant-ds' is full; make room"))));
        plugin.replies.put("POST /dynamic/vm/actions", item("finalizeAction"));
        plugin.replies.put("POST /dynamic/vm/monitor", item("finalizeMonitor"));
        plugin.events
                .add("event: progress\ndata: " + Samples.finalization("hydrating", 42, null) + "\n\n");
        page = chromium.open(client, "", 1280, 720);
        assertThat(page.locator("lab-tasks")).containsText("42%");
    }

    @AfterEach
    void stop() {
        page.close();
        client.close();
        plugin.close();
    }

    @Test
    void theDialogIsUsedByKeyboardFromTheTreeToTheOrder() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        openDialogByKeyboard();
        FrameLocator dialog = dialog();

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
        assertThat(dialog.getByLabel("Verify afterwards")).isFocused();
        press("Space");
        press("Tab");
        assertThat(button("Cancel")).isFocused();
        press("Tab");
        assertThat(button("Finalize")).isFocused();
        plugin.received.clear();
        press("Space");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order()).isEqualTo("{\"vm\":\"vm-51\",\"name\":\"web01\",\"provisioning\":\"eager-thick\","
                + "\"bytesPerSecond\":52428800,\"verify\":true}");
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).isFocused();
    }

    @Test
    void theWayBackIsTheSameInReverse() throws Exception {
        openDialogByKeyboard();
        for (int presses = 0; presses < 4; presses++) {
            press("Tab");
        }
        assertThat(button("Finalize")).isFocused();

        press("Shift+Tab");
        assertThat(button("Cancel")).isFocused();
        press("Shift+Tab");
        assertThat(dialog().getByText("Advanced")).isFocused();
        press("Shift+Tab");
        assertThat(dialog().getByLabel("Thin Provision")).isFocused();
        press("Shift+Tab");
        assertThat(dialog().locator("#vf-name")).isFocused();
        press("Escape");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).isFocused();
    }

    @Test
    void aRefusedNameIsToldAndHasTheFocus() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations", Reply.problem(409, "name-taken", "it is taken"));
        openDialogByKeyboard();
        page.keyboard().type("files01");

        press("Enter");

        Locator name = dialog().locator("#vf-name");
        assertThat(name).hasAttribute("aria-invalid", "true");
        assertThat(name).hasAccessibleDescription("it is taken");
        assertThat(name).isFocused();
        assertThat(wrong()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void theClientAndItsMenuAreReadable(String theme) throws Exception {
        use(theme);
        assertThat(wrong()).isEmpty();

        page.locator("lab-inventory [data-id=vm-51]").focus();
        press("Shift+F10");
        assertThat(page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("VM Finalize")))
                .isFocused();
        press("ArrowRight");

        assertThat(wrong()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void theDialogIsReadable(String theme) throws Exception {
        use(theme);
        openDialogByKeyboard();

        assertThat(dialog().locator("body")).hasAttribute("cds-theme", theme);
        assertThat(wrong()).isEmpty();
        dialog().locator("#vf-name").fill("");
        dialog().getByText("Advanced").click();
        dialog().getByLabel("Speed limit").fill("x");
        assertThat(wrong()).isEmpty();
        Chromium.keep(page, "finalize-dialog-faults-" + theme);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void theMonitorViewIsReadable(String theme) throws Exception {
        use(theme);
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).press("Enter");

        assertThat(view().locator("vf-progress")).containsText("42%");
        assertThat(view().locator("body")).hasAttribute("cds-theme", theme);
        assertThat(wrong()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void theOverviewIsReadable(String theme) throws Exception {
        use(theme);
        page.locator("#navigator").press("Enter");
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("VM Finalize")).press("Enter");

        assertThat(view().locator(".vf-vms tbody tr")).hasCount(1);
        assertThat(view().locator("body")).hasAttribute("cds-theme", theme);
        assertThat(wrong()).isEmpty();
        for (String tab : List.of("Finalizations", "Backups", "Health", "History", "Console")) {
            var named = new FrameLocator.GetByRoleOptions().setName(tab).setExact(true);
            view().getByRole(AriaRole.TAB, named).press("Enter");
            assertThat(view().getByRole(AriaRole.TABPANEL, named)).isVisible();
            assertThat(wrong()).as(tab).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void theDialogsForSeveralMachinesAreReadable(String theme) throws Exception {
        use(theme);
        page.locator("lab-inventory [data-id=group-v3]").press("Enter");
        page.locator("lab-inventory [data-id=group-v3]").click();
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("VMs")).press("Enter");
        page.getByLabel("Select web01-from-backup").check();
        page.getByLabel("Select files01").check();
        assertThat(wrong()).isEmpty();

        page.locator(".vm-list .actions").press("Enter");
        assertThat(page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("VM Finalize")))
                .isFocused();
        press("ArrowRight");
        press("Enter");

        assertThat(dialog().locator("tbody tr")).hasCount(1);
        assertThat(wrong()).isEmpty();
    }

    private void openDialogByKeyboard() {
        page.locator("lab-inventory [data-id=vm-51]").focus();
        press("Shift+F10");
        assertThat(page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("VM Finalize")))
                .isFocused();
        press("ArrowRight");
        press("Enter");
        assertThat(dialog().locator("#vf-name")).isFocused();
    }

    private void press(String key) {
        page.keyboard().press(key);
    }

    private void use(String theme) {
        if (theme.equals("dark")) {
            page.locator("#theme").press("Enter");
        }
        assertThat(page.locator("body")).hasAttribute("cds-theme", theme);
    }

    /// What is wrong with the page and the frames in it.
    private List<?> wrong() {
        return page.frames().stream().map(AccessibilityTest::wrong).flatMap(List::stream).toList();
    }

    private static List<?> wrong(Frame frame) {
        return (List<?>) frame.evaluate(check);
    }

    private FrameLocator dialog() {
        return page.frameLocator("dialog iframe");
    }

    private FrameLocator view() {
        return page.frameLocator("lab-object iframe");
    }

    private Locator button(String name) {
        return dialog().getByRole(AriaRole.BUTTON,
                new FrameLocator.GetByRoleOptions().setName(name).setExact(true));
    }

    private String order() throws InterruptedException {
        ScriptedPlugin.Received received = plugin.received.take();
        while (!received.call().equals("POST /api/v1/finalizations")) {
            received = plugin.received.take();
        }
        return received.body();
    }

    private static Reply item(String id) {
        return Reply.json(
                "{\"apiVersion\":\"1.0.0\",\"dynamicItems\":[{\"id\":\"%s\",\"visible\":true,\"relevant\":true}]}"
                        .formatted(id));
    }
}
