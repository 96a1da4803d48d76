package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// All pages in the user's language, in which words are longer or shorter than in English.
class LanguagesTest extends PluginPages {

    private String language = "";

    @ParameterizedTest
    @CsvSource({"ja-JP, ja, 1280, 720", "zh-CN, zh-CN, 1280, 720", "de-DE, de, 1280, 720",
            "de-DE, de, 1920, 1080"})
    void speaksTheUsersLanguageOnAllPages(String locale, String language, int width, int height)
            throws Exception {
        this.language = language + "-" + width;
        script();
        Page page = open("?lang=" + locale, width, height);
        FrameLocator card = page.frameLocator(".plugin-card iframe");
        assertThat(card.locator("vf-progress")).containsText("42");
        assertThat(card.locator("html")).hasAttribute("lang", language);
        lookAt(page, "card");
        FrameLocator monitor = openMonitor(page);
        assertThat(monitor.locator("canvas")).isVisible();
        lookAt(page, "monitor");
        lookAtTheOverview(page);
        lookAtTheWizard(page);
        lookAtTheDialogs(page);
    }

    private void lookAtTheOverview(Page page) throws IOException {
        page.locator("#navigator").click();
        item(page, "VM Finalize").click();
        FrameLocator overview = view(page);
        Locator tabs = overview.getByRole(AriaRole.TAB);
        assertThat(tabs).hasCount(6);
        for (String tab : new String[]{"vms", "finalizations", "backups", "health", "history", "console"}) {
            overview.locator("#vf-tab-" + tab).click();
            Locator shown = overview.locator("#vf-page-" + tab);
            assertThat(shown.locator(tab.equals("console") ? ".vf-line" : "tbody tr").first()).isVisible();
            lookAt(page, "overview-" + tab);
        }
        // What the server says is in English, which a screen reader must know.
        assertThat(overview.locator(".vf-history td [lang=en]"))
                .hasText("datastore 'instant-ds' is full; make room");
        assertThat(overview.locator(".vf-troubles [lang=en]")).hasCount(1);
    }

    private void lookAtTheWizard(Page page) throws IOException {
        FrameLocator overview = view(page);
        overview.locator("#vf-tab-backups").click();
        overview.locator(".vf-backups tbody button").first().click();
        FrameLocator wizard = dialog(page);
        for (String step : new String[]{"point", "name", "place", "review"}) {
            assertThat(wizard.locator("[data-step=" + step + "]")).isVisible();
            lookAt(page, "run-" + step);
            if (!step.equals("review")) {
                wizard.locator(".btn-primary").click();
            }
        }
        page.keyboard().press("Escape");
    }

    private void lookAtTheDialogs(Page page) throws IOException {
        for (int action = 0; action < 5; action++) {
            page.locator("lab-inventory [data-id=vm-51]").click();
            page.locator("lab-inventory [data-id=vm-51]").press("Shift+F10");
            item(page, "VM Finalize").hover();
            if (action == 0) {
                lookAt(page, "menu");
            }
            page.locator("#menu .menu button").nth(action).click();
            FrameLocator dialog = dialog(page);
            assertThat(dialog.locator(".btn-primary")).isVisible();
            if (action == 0) {
                dialog.locator("summary").click();
                assertThat(dialog.locator(".vf-left")).containsText("24");
            } else {
                assertThat(dialog.locator("tbody tr")).hasCount(1);
            }
            lookAt(page, "dialog-" + action);
            page.keyboard().press("Escape");
            assertThat(page.locator("dialog")).hasCount(0);
        }
        page.locator("lab-inventory [data-id=group-v3]").click();
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("VMs")).click();
        page.locator(".vm-list input").first().check();
        page.locator(".vm-list input").last().check();
        page.locator(".vm-list .actions").click();
        item(page, "VM Finalize").hover();
        page.locator("#menu .menu button").first().click();
        assertThat(dialog(page).locator("tbody tr")).hasCount(2);
        lookAt(page, "dialog-several");
    }

    /// Pictures of another language are looked at by people; that the pages are accessible does not hang on the words.
    private void lookAt(Page page, String name) throws IOException {
        Look.inAnotherLanguage(page, "language-" + language + "-" + name);
    }

    private void script() {
        offer("finalizeAction", "pauseAction", "resumeAction", "cancelAction", "discardAction");
        vsphere.objects.add(FixedVSphere.vm("vm-52", "db01-from-backup", Optional.empty()));
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(Samples.INSTANT_VM,
                Samples.INSTANT_VM.replace("vm-51", "vm-52").replace("web01-from", "db01-from"))));
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null),
                        Samples.ended("2", "db02", "completed", 100, null),
                        Samples.ended("3", "db03", "failed", 30,
                                "datastore 'instant-ds' is full; make room"))));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51/disks/0/map", Reply.json(Samples.diskMap(768, 42)));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51/samples", Reply.json(Samples.samples(300)));
        plugin.replies.put("GET /api/v1/backups", Reply.json(Samples.BACKUPS));
        plugin.replies.put("POST /dynamic/vm/summary", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeCard","visible":true}]}"""));
    }
}
