package org.vmfinalize.lab.client;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;

/// The system's Chromium without a window. Nothing is downloaded: where it is missing the tests are skipped.
public final class Chromium implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final List<String> QUIETLY = List.of("--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-quic");

    private static final double PATIENCE_MILLISECONDS = 30_000;

    private final Playwright playwright;
    private final Browser browser;
    /// What the pages complained of: errors of scripts, refused by the content security policy, not found.
    public final List<String> complaints = new CopyOnWriteArrayList<>();
    /// What the pages asked for.
    public final List<String> requests = new CopyOnWriteArrayList<>();

    public Chromium() {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "install Debian package chromium");
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLISECONDS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium()
                .launch(new BrowserType.LaunchOptions().setExecutablePath(PROGRAM).setArgs(QUIETLY));
    }

    Page open(LabClient client, String query, int width, int height) {
        return open(URI.create(client.address() + query), width, height);
    }

    /// Opens a page in a context of its own, which its user closes.
    public Page open(URI address, int width, int height) {
        Page page = browser
                .newContext(new Browser.NewContextOptions().setViewportSize(width, height).setLocale("en-US")
                        .setTimezoneId("UTC").setColorScheme(ColorScheme.LIGHT)
                        .setReducedMotion(ReducedMotion.REDUCE)
                        // The servers of tests have certificates of their own.
                        .setIgnoreHTTPSErrors(true))
                .newPage();
        page.setDefaultTimeout(PATIENCE_MILLISECONDS);
        page.onRequest(request -> requests.add(request.url()));
        page.onConsoleMessage(this::note);
        page.onPageError(complaints::add);
        page.navigate(address.toString());
        return page;
    }

    private void note(ConsoleMessage message) {
        if (message.type().equals("error")) {
            complaints.add(message.text() + " " + message.location());
        }
    }

    /// Keeps a picture for people to look at.
    public static void keep(Page page, String name) throws IOException {
        page.waitForFunction("() => [...document.images].every(image => image.complete)");
        Path folder = Files.createDirectories(Path.of("target", "screenshots"));
        page.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(name + ".png"))
                .setAnimations(ScreenshotAnimations.DISABLED));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
