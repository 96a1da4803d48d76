package org.vmfinalize.lab;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.client.Chromium;

/// The page on which the API is read in a browser.
class ApiPageTest {

    @TempDir
    static Path folder;

    private static Chromium chromium;
    private static LabSite site;

    private String server;
    private Page page;

    @BeforeAll
    static void startSite() throws Exception {
        chromium = new Chromium();
        site = LabSite.open(folder.resolve("server"), Files.createDirectories(folder.resolve("backups")),
                Files.createDirectories(folder.resolve("datastore")), 0);
        site.startServer();
    }

    @AfterAll
    static void stopSite() throws Exception {
        try (var _ = chromium; var _ = site) {
            // Both are closed here.
        }
    }

    @BeforeEach
    void openPage() {
        server = "https://127.0.0.1:" + site.server().address().getPort() + "/";
        page = chromium.open(URI.create(server + "api-docs/index.html"), 1280, 900);
        assertThat(page.locator("#schemas > details").first()).isVisible();
    }

    @AfterEach
    void closePage() {
        page.close();
    }

    @Test
    void itLoadsFromTheServerAloneAndWithoutAComplaint() throws Exception {
        Chromium.keep(page, "api-1-operations");

        assertThat(page.locator("#version")).not().isEmpty();
        assertThat(chromium.requests).isNotEmpty().allSatisfy(url -> assertThat(url).satisfiesAnyOf(
                one -> assertThat(one).startsWith(server), one -> assertThat(one).startsWith("data:")));
        assertThat(chromium.complaints).isEmpty();
    }

    @Test
    void anOperationTellsItsProblemsAndLeadsToWhatItTakes() throws Exception {
        var operation = page.locator("[id='finalizations.start']");
        operation.locator("> summary").click();
        operation.locator("summary:text-matches('^\\\\d+ problems$')").click();
        assertThat(operation).containsText("/problems/already-finalizing");
        assertThat(operation).containsText("Idempotency-Key");
        Chromium.keep(page, "api-2-operation");

        operation.locator("a[href='#FinalizationRequest']").click();

        assertThat(page.locator("#FinalizationRequest")).hasAttribute("open", "");
        assertThat(page.locator("#FinalizationRequest")).containsText("eager-thick");
        Chromium.keep(page, "api-3-schema");
        assertThat(chromium.complaints).isEmpty();
    }

    @Test
    void whatIsSoughtStaysAndTheRestIsHidden() {
        page.getByLabel("Find").fill("receipt");

        assertThat(page.locator("[id='receipts.list']")).isVisible();
        assertThat(page.locator("[id='datastores.list']")).isHidden();
    }
}
