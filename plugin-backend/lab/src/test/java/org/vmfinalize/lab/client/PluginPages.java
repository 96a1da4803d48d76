package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.MouseButton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// What tests of the plugin's pages in the lab's client start from: a VM that runs from a backup, a plugin whose answers the
/// test writes, and the words of how a user gets to a page.
abstract class PluginPages {

    private static Chromium chromium;

    final FixedVSphere vsphere = new FixedVSphere();
    final List<Page> pages = new ArrayList<>();
    ScriptedPlugin plugin;
    LabClient client;

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
        plugin.replies.put("GET /api/v1/datastores", Reply.json(Samples.DATASTORES));
        plugin.replies.put("GET /api/v1/destinations", Reply.json(Samples.DESTINATIONS));
        plugin.replies.put("GET /api/v1/places", Reply.json(Samples.PLACES));
        plugin.replies.put("GET /api/v1/providers", Reply.json(Samples.PROVIDERS));
        plugin.replies.put("POST /api/v1/finalizations/plan", Reply.json(Samples.plan().fine()));
        plugin.replies.put("POST /dynamic/vm/summary",
                Reply.json("{\"apiVersion\":\"1.0.0\",\"dynamicItems\":[]}"));
        offer(true, true);
    }

    @AfterEach
    void stop() {
        pages.forEach(page -> page.context().close());
        client.close();
        plugin.close();
    }

    /// What the browser complained of.
    static List<String> complaints() {
        return chromium.complaints;
    }

    Page open(String query) {
        return open(query, 1280, 800);
    }

    Page open(String query, int width, int height) {
        Page page = chromium.open(client, query, width, height);
        pages.add(page);
        return page;
    }

    /// Keeps pictures of the page in both themes, and requires that it is accessible in both.
    static void look(Page page, String name) throws IOException {
        Look.inBothThemes(page, name);
    }

    Page openDialog(String query) {
        Page page = open(query);
        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        item(page, "Finalize...").click();
        assertThat(dialog(page).locator("#vf-name")).hasValue("web01-from-backup");
        return page;
    }

    FrameLocator openOverview(Page page, String tab) {
        // The client knows its plugins once it shows its inventory.
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).isVisible();
        page.locator("#navigator").click();
        item(page, "VM Finalize").click();
        FrameLocator overview = view(page);
        openTab(overview, tab);
        return overview;
    }

    static void openTab(FrameLocator overview, String name) {
        overview.getByRole(AriaRole.TAB, in(name)).click();
        assertThat(overview.getByRole(AriaRole.TABPANEL, in(name))).isVisible();
    }

    static FrameLocator openMonitor(Page page) {
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();
        return view(page);
    }

    static void openMenu(Page page, String vm) {
        page.getByRole(AriaRole.TREEITEM).filter(new Locator.FilterOptions().setHasText(vm)).click(
                new Locator.ClickOptions().setButton(MouseButton.RIGHT));
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

    static Locator item(Page page, String name) {
        return page.getByRole(AriaRole.MENUITEM, named(name));
    }

    /// Has these actions in the menu.
    void offer(String... items) {
        plugin.replies.put("POST /dynamic/vm/actions",
                Reply.json("{\"apiVersion\":\"1.0.0\",\"dynamicItems\":[%s]}".formatted(Stream.of(items)
                        .map("{\"id\":\"%s\",\"visible\":true,\"relevant\":true}"::formatted)
                        .collect(Collectors.joining(",")))));
    }

    void offer(boolean visible, boolean relevant) {
        plugin.replies.put("POST /dynamic/vm/actions", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeAction","visible":%b,"relevant":%b}]}"""
                .formatted(visible, relevant)));
        offerMonitor(relevant);
    }

    void offerMonitor(boolean visible) {
        plugin.replies.put("POST /dynamic/vm/monitor", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeMonitor","visible":%b}]}"""
                .formatted(visible)));
    }

    /// The first such call, after others that pages make by themselves.
    ScriptedPlugin.Received await(String call) throws InterruptedException {
        ScriptedPlugin.Received received = plugin.received.take();
        while (!received.call().equals(call)) {
            received = plugin.received.take();
        }
        return received;
    }

    /// The order that started a finalization.
    ScriptedPlugin.Received order() throws InterruptedException {
        ScriptedPlugin.Received received = await("POST /api/v1/finalizations");
        assertThat(received.token()).isEqualTo(FixedVSphere.TOKEN);
        return received;
    }
}
