package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Frame;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;
import tools.jackson.databind.json.JsonMapper;

/// Nothing that somebody has named becomes markup, a script, a request to elsewhere, or breaks a page.
class HostileNamesTest extends PluginPages {

    private static final List<String> TABS = List.of("Running from backups", "Finalizations", "Backups",
            "Health",
            "History", "Console");

    /// Whether there is no element, attribute or script that only a name can have brought.
    private static final String IS_CLEAN = """
            () => window.hacked === undefined && !document.querySelector('[onerror], [onload], b, svg script, iframe[src^="data:"]')""";

    static List<String> names() {
        return List.of("<img src=x onerror=hacked=1>", "\"><svg onload=hacked=1>'",
                "<b>bold</b>${hacked=1}{{1+1}}",
                "\u202Egnp.elif\u202C \u05D0\u05D1\u05D2", "x".repeat(79) + "<",
                "a'b\"c&amp;d\\e%2F</script>");
    }

    @ParameterizedTest
    @MethodSource("names")
    void showsANameAsItIsInEveryView(String name) throws Exception {
        script(name);
        var elsewhere = new CopyOnWriteArrayList<String>();
        Page page = open("", 1280, 720);
        page.onRequest(request -> note(request, elsewhere));

        assertThat(page.locator("lab-inventory [data-id=vm-51]")).hasText(name);
        assertClean(page);
        FrameLocator card = page.frameLocator(".plugin-card iframe");
        assertThat(card.locator("vf-progress")).containsText("42%");
        assertClean(page);
        FrameLocator monitor = openMonitor(page);
        assertThat(monitor.locator("canvas")).hasAccessibleName(java.util.regex.Pattern.compile(".+"));
        assertThat(monitor.locator("tbody td").first()).hasText(name);
        assertClean(page);
        FrameLocator overview = openOverview(page, "Running from backups");
        for (String tab : TABS) {
            openTab(overview, tab);
            if (!tab.equals("Console")) {
                assertThat(overview.getByRole(com.microsoft.playwright.options.AriaRole.TABPANEL, in(tab))
                        .locator("tbody")).containsText(new String[]{name});
            }
            assertClean(page);
        }
        openTab(overview, "Finalizations");
        overview.locator(".vf-finalizations tbody button").first().click();
        openTab(overview, "Console");
        assertThat(overview.locator(".vf-lines code").first()).isVisible();
        assertClean(page);
        openTab(overview, "History");
        overview.locator(".vf-history tbody button").first().click();
        assertThat(overview.locator(".vf-receipt")).containsText(name);
        assertClean(page);

        assertThat(elsewhere).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void showsANameAsItIsInEveryDialog(String name) throws Exception {
        script(name);
        offer("finalizeAction", "pauseAction", "discardAction");
        Page page = open("", 1280, 720);
        for (String action : List.of("Pause Finalization...", "Discard...")) {
            openDialogOf(page, action);
            assertThat(dialog(page).locator("tbody td").first()).hasText(name);
            assertClean(page);
            page.keyboard().press("Escape");
        }
        openDialogOf(page, "Finalize...");
        assertThat(dialog(page).locator("#vf-name")).hasValue(name);
        assertThat(dialog(page).locator(".vf-backup")).hasText(name);
        assertThat(dialog(page).locator(".vf-warnings")).containsText(name);
        assertClean(page);
        page.keyboard().press("Escape");

        FrameLocator overview = openOverview(page, "Backups");
        overview.locator(".vf-backups tbody button").first().click();
        FrameLocator wizard = dialog(page);
        assertThat(wizard.locator(".vf-facts")).containsText(name);
        for (int step = 0; step < 3; step++) {
            assertClean(page);
            if (step == 1) {
                wizard.locator("#vf-name").fill("fine");
            }
            wizard.locator(".btn-primary").click();
        }
        assertThat(wizard.locator(".vf-review")).containsText(name);
        assertClean(page);
    }

    private void openDialogOf(Page page, String action) {
        assertThat(page.locator("dialog")).hasCount(0);
        page.locator("lab-inventory [data-id=vm-51]").press("Shift+F10");
        item(page, "VM Finalize").hover();
        item(page, action).click();
    }

    /// Has the name wherever somebody can have given one.
    private void script(String name) {
        String json = new JsonMapper().writeValueAsString(name);
        String text = json.substring(1, json.length() - 1);
        vsphere.objects.replaceAll(object -> object.id().equals("vm-51")
                ? FixedVSphere.vm("vm-51", name,
                        Optional.of(new InventoryObject.Manager("org.vmfinalize", "instant-vm")))
                : object);
        String vm = Samples.INSTANT_VM.replace("web01-from-backup", text).replace("web01.vmdk\"", text + "\"")
                .replace("/backups/web01/2026-11-22.qcow2", text).replace("\"instant-ds\"", json);
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(vm)));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51", Reply.json(vm));
        plugin.replies.put("GET /api/v1/finalizations", Reply.json(Samples.items(
                Samples.finalization("hydrating", 42, null).replace("\"web01\"", json)
                        .replace("\"web01.vmdk\"", json),
                Samples.ended("2", text, "failed", 30, text)
                        .replace("\"task\"", "\"receipt\":\"r\",\"task\""))));
        plugin.replies.put("GET /api/v1/finalizations/2/receipt",
                Reply.json(
                        """
                                {"finalization":%s,"backup":{"location":%s,"format":%s},"sealedAt":"2026-11-23T08:40:00Z","verified":true,
                                 "disks":[{"name":%s,"sizeBytes":1}]}"""
                                .formatted(json, json, json, json)));
        plugin.replies.put("POST /api/v1/finalizations/1/pause",
                Reply.json(Samples.finalization("paused", 42, text).replace("\"web01\"", json)));
        plugin.replies.put("GET /api/v1/datastores",
                Reply.json(Samples.DATASTORES.replace("instant-ds", text)));
        plugin.replies.put("GET /api/v1/backups", Reply.json(Samples.BACKUPS.replace("\"web01\"", json)
                .replace("/backups/web01/2026-11-22.qcow2", text).replace("/mnt/old", text)));
        plugin.replies.put("GET /api/v1/destinations",
                Reply.json(Samples.DESTINATIONS.replace("esx01.lab", text).replace("VM Network", text)));
        plugin.replies.put("GET /api/v1/places", Reply.json(Samples.PLACES.replace("nightly", text)));
        plugin.replies.put("GET /api/v1/providers",
                Reply.json(Samples.PROVIDERS.replace("vm-finalize formats", text)));
        plugin.replies.put("POST /api/v1/finalizations/plan",
                Reply.json(Samples.plan().fine().replace("network card 1", text)));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51/disks/0/map",
                Reply.json(Samples.diskMap(768, 42).replace("web01.vmdk", text)));
        plugin.replies.put("POST /dynamic/vm/summary", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeCard","visible":true}]}"""));
    }

    private static void assertClean(Page page) {
        for (Frame frame : page.frames()) {
            assertThat(frame.evaluate(IS_CLEAN)).as(frame.url()).isEqualTo(true);
        }
        // What the policy forbids was tried: no text may get that far.
        assertThat(complaints()).noneMatch(complaint -> complaint.contains("Content Security Policy"));
    }

    private void note(Request request, List<String> elsewhere) {
        if (!request.url().startsWith(client.address().toString()) && !request.url().startsWith("data:")) {
            elsewhere.add(request.url());
        }
    }
}
