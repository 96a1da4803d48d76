package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Frame;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// The client's JavaScript API as its documentation describes it, seen from a page in one of the client's frames.
class JavaScriptApiTest extends PluginPages {

    @Test
    void tellsAPageWhereItIsAndForWhom() {
        Frame frame = frameOf(openMonitorPage(""));
        String urn = "urn:vmomi:VirtualMachine:vm-51:" + FixedVSphere.UUID;

        assertThat(ask(frame, "sdk.isInitialized()")).isEqualTo("true");
        assertThat(ask(frame, "sdk.app.getContextObjects()[0].id")).isEqualTo(urn);
        assertThat(ask(frame, "sdk.app.getClientLocale()")).isEqualTo("en-US");
        assertThat(ask(frame, "sdk.app.getTheme().name")).isEqualTo("light");
        assertThat(ask(frame, "JSON.stringify(sdk.app.getClientInfo())"))
                .isEqualTo("{\"type\":\"HTML\",\"version\":\"9.0.0\"}");
        assertThat(ask(frame, "sdk.app.getNavigationData()")).isEqualTo("null");
        assertThat(ask(frame, "sdk.modal.getCustomData()")).isEqualTo("null");
        assertThat(ask(frame, "sdk.app.getApiEndpoints().uiApiEndpoint.fullUrl")).endsWith("/api/ui");
        assertThat(ask(frame, "(await new Promise(sdk.app.getSessionInfo)).sessionToken"))
                .isEqualTo(FixedVSphere.TOKEN);
        String server = "(await new Promise(sdk.app.getPluginBackendInfo)).backendServersPerVc['%s'][0]"
                .formatted(FixedVSphere.UUID);
        assertThat(ask(frame, server + ".type")).isEqualTo("MANIFEST_SERVER");
        assertThat(ask(frame, "(await fetch(" + server + ".proxiedBaseUrl + '/plugin.json')).status"))
                .isEqualTo("200");
        assertThat(ask(frame,
                "sdk.getProxiedPluginServerOrigin() === location.origin + " + server + ".proxiedUrl"))
                .isEqualTo("true");
    }

    /// All that the API has, and nothing else.
    private static final String NAMES = "['', 'app', 'event', 'modal'].flatMap(space => Object.keys(space ? sdk[space] : sdk)"
            + ".map(name => space ? space + '.' + name : name)).sort().join(' ')";
    private static final String OF_ALL_CLIENTS = "app app.formatDateTime app.getApiEndpoints app.getClientInfo "
            + "app.getClientLocale app.getContextObjects app.getNavigationData app.getPluginBackendInfo "
            + "app.getSessionInfo app.getTheme app.navigateTo app.navigateToClientView event "
            + "event.onDateTimeFormatChanged event.onGlobalRefresh event.onThemeChanged getProxiedPluginServerOrigin "
            + "initialize isInitialized modal modal.close modal.getCustomData modal.open "
            + "modal.openConfirmationModal modal.setOptions";
    private static final String OF_LATER_ONES = "app.getRemotePluginNavigationMap app.navigateToRemotePluginView "
            + "app.refreshPluginItemsState modal.getSharedModalsMap modal.openSharedModal";

    @Test
    void hasWhatIsDocumentedAndLacksInOldClientsWhatCameLater() {
        Frame now = frameOf(openMonitorPage(""));
        assertThat(ask(now, NAMES).split(" ")).containsExactlyInAnyOrder(
                (OF_ALL_CLIENTS + " " + OF_LATER_ONES).split(" "));
        String servers = "Object.keys(await new Promise(sdk.app.getPluginBackendInfo)).sort().join()";
        assertThat(ask(now, servers))
                .isEqualTo("allPluginBackendServers,backendServersPerVc,backendServersPerVcObject");

        Frame old = frameOf(openMonitorPage("?version=7.0.3"));
        assertThat(ask(old, NAMES)).isEqualTo(OF_ALL_CLIENTS);
        assertThat(ask(old, servers)).isEqualTo("allPluginBackendServers,backendServersPerVc");
    }

    @Test
    void asksAQuestionOfTheClientsOwnForAPage() throws Exception {
        Page page = openMonitorPage("");
        Frame frame = frameOf(page);
        frame.evaluate(
                """
                        () => htmlClientSdk.modal.openConfirmationModal({ title: 'Sure?', secondaryTitle: 'web01', content: '<b>This</b>',
                            size: { width: 400 }, alertLevel: 'DANGER', closable: false,
                            buttons: [{ label: 'No', type: 'SECONDARY', style: 'INFO' },
                                { label: 'Yes', type: 'PRIMARY', style: 'DANGER', callback: () => { window.answer = 'yes'; } }],
                            onClosed: () => { window.answer += ' closed'; } })""");
        assertThat(page.locator("dialog p")).containsText("<b>This</b>");
        assertThat(page.locator("dialog h2")).hasText("Sure? web01");
        assertThat(page.getByRole(AriaRole.BUTTON, named("Close"))).isHidden();
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog .btn-danger")).hasText("Yes");
        assertThat(
                ask(frame, "(() => { try { sdk.modal.openConfirmationModal({ content: '', buttons: [] }); } "
                        + "catch (refusal) { return refusal.message; } })()"))
                .contains("1 to 4 buttons");
        look(page, "client-question");

        page.getByRole(AriaRole.BUTTON, named("Yes")).click();

        frame.waitForFunction("() => window.answer === 'yes closed'");
        assertThat(page.locator("dialog")).hasCount(0);
    }

    @Test
    void leadsToViewsOfTheClientAndOfThePlugin() {
        Page page = openMonitorPage("");
        frameOf(page)
                .evaluate("() => htmlClientSdk.app.navigateToClientView({ targetViewId: 'vm.summary' })");
        assertThat(page.getByRole(AriaRole.TAB, named("Summary"))).hasAttribute("aria-selected", "true");

        assertThat(openMonitor(page).locator("h1")).not().isEmpty();
        frameOf(page).evaluate(
                """
                        () => htmlClientSdk.app.navigateTo({ targetViewId: 'finalizeMonitor', customData: { from: 'here' },
                            objectId: htmlClientSdk.app.getContextObjects()[0].id })""");
        page.waitForFunction("() => frames[0]?.htmlClientSdk?.app?.getNavigationData?.()?.from === 'here'");

        frameOf(page).evaluate(
                """
                        () => {
                            htmlClientSdk.app.navigateTo({ targetViewId: 'viewOfSomebodyElse' });
                            htmlClientSdk.app.navigateToClientView({ targetViewId: 'administration.ceip' });
                            htmlClientSdk.app.navigateTo({ targetViewId: 'finalizeOverview', customData: { tab: 'health' } });
                        }""");
        page.waitForFunction("() => frames[0]?.htmlClientSdk?.app?.getNavigationData?.()?.tab === 'health'");
        assertThat(page.frameLocator("lab-object iframe").locator("vf-overview h1")).hasText("VM Finalize");
        assertThat(ask(frameOf(page), "sdk.app.getContextObjects().length")).isEqualTo("0");
    }

    @Test
    void leadsToThoseViewsOfOtherPluginsThatArePublic() {
        plugin.replies.put("GET /other.json", Reply
                .json("""
                        {"manifestVersion":"1.2.0","configuration":{"nameKey":"Other"},"definitions":{"i18n":{"locales":["en-US"],"definitions":{}}},
                         "global":{"view":{"navigationId":"otherOverview","uri":"other.html","isPublic":true}},
                         "objects":{"VirtualMachine":{"monitor":{"views":[
                           {"navigationId":"otherPublic","labelKey":"Public","uri":"other.html","isPublic":true},
                           {"navigationId":"otherPrivate","labelKey":"Private","uri":"other.html"}]}}}}"""));
        plugin.replies.put("GET /other.html", new Reply(200, "text/html", "<!doctype html>"
                + "<script src='/api/ui/htmlClientSdk.js'></script><script src='js/base.js'></script>"));
        vsphere.extensions.add(plugin.otherExtension("org.example.other", "other.json"));
        Page page = openMonitorPage("");
        Frame frame = frameOf(page);
        assertThat(ask(frame, "JSON.stringify(sdk.app.getRemotePluginNavigationMap())"))
                .isEqualTo("{\"org.example.other\":[\"otherOverview\",\"otherPublic\"]}");
        assertThat(ask(frame, "JSON.stringify(sdk.modal.getSharedModalsMap())")).isEqualTo("{}");

        ask(frame,
                "sdk.app.navigateToRemotePluginView({ pluginId: 'org.example.other', targetViewId: 'otherPrivate' })");
        ask(frame,
                "sdk.app.navigateToRemotePluginView({ pluginId: 'org.vmfinalize', targetViewId: 'finalizeOverview' })");
        ask(frame,
                "sdk.app.navigateToRemotePluginView({ pluginId: 'org.example.other', targetViewId: 'otherPublic', "
                        + "objectId: sdk.app.getContextObjects()[0].id, customData: { n: 1 } })");

        assertThat(page.locator(".sub-navigation [aria-current=true]")).hasText("Public");
        page.waitForFunction("() => frames[0]?.location.pathname.endsWith('/other.html')");
        assertThat(page.locator("lab-object iframe")).hasCount(1);
    }

    @Test
    void asksThePluginsAnewWhatAppliesWhenAPageSaysSo() {
        Page page = openMonitorPage("");
        Frame frame = frameOf(page);
        ask(frame, "sdk.app.refreshPluginItemsState()");
        plugin.replies.put("POST /dynamic/vm/summary", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeCard","visible":true}]}"""));
        page.getByRole(AriaRole.TAB, named("Summary")).click();
        FrameLocator card = page.frameLocator(".plugin-card iframe");
        assertThat(card.locator(".label")).hasText("Runs from a backup");
        plugin.replies.put("POST /dynamic/vm/summary",
                Reply.json(
                        "{\"apiVersion\":\"1.0.0\",\"dynamicItems\":[{\"id\":\"finalizeCard\",\"visible\":false}]}"));

        ask(frameOf(page), "sdk.app.refreshPluginItemsState()");

        assertThat(page.locator(".plugin-card")).hasCount(0);
    }

    @Test
    void timesAreWrittenAsTheUserHasChosen() {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.ended("2", "db02", "completed", 100, null))));
        Page page = open("");
        FrameLocator history = openOverview(page, "History");
        assertThat(history.locator(".vf-history")).containsText("8:50:00 AM");

        page.locator("#user").click();
        item(page, "24-hour").click();

        assertThat(history.locator(".vf-history")).containsText("08:50:00");
        assertThat(history.locator(".vf-history")).not().containsText("AM");
    }

    private Page openMonitorPage(String query) {
        Page page = open(query);
        assertThat(openMonitor(page).locator("h1")).not().isEmpty();
        return page;
    }

    private static Frame frameOf(Page page) {
        return page.frames().getLast();
    }

    private static String ask(Frame frame, String expression) {
        return String.valueOf(frame
                .evaluate("async () => { const sdk = window.htmlClientSdk; return " + expression + "; }"));
    }
}
