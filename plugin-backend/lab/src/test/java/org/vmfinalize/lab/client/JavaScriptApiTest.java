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

    @Test
    void lacksInOldClientsWhatCameLater() {
        assertThat(ask(frameOf(openMonitorPage("")), "typeof sdk.app.refreshPluginItemsState"))
                .isEqualTo("function");
        assertThat(ask(frameOf(openMonitorPage("?version=7.0.3")), "typeof sdk.app.refreshPluginItemsState"))
                .isEqualTo("undefined");
    }

    @Test
    void asksAQuestionOfTheClientsOwnForAPage() throws Exception {
        Page page = openMonitorPage("");
        Frame frame = frameOf(page);
        frame.evaluate(
                """
                        () => htmlClientSdk.modal.openConfirmationModal({ title: 'Sure?', content: '<b>This</b>', size: { width: 400 },
                            buttons: [{ label: 'No' }, { label: 'Yes', style: 'primary', callback: () => { window.answer = 'yes'; } }],
                            onClosed: () => { window.answer += ' closed'; } })""");
        assertThat(page.locator("dialog p")).hasText("<b>This</b>");
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
