package org.vmfinalize.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// How a page looks to people and to their tools: a picture to look at, and what axe-core finds in it.
public final class Look {

    /// What axe-core leaves to people to judge: whether what an element refers to is there.
    private static final String TORN = """
            () => ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for'].flatMap(attribute =>
                [...document.querySelectorAll(`[${attribute}]`)].flatMap(element =>
                    element.getAttribute(attribute).split(/\\s+/).filter(id => !document.getElementById(id))
                        .map(id => `${element.localName}: ${attribute} names ${id}, which is not there`)))""";

    /// Texts of which a part is not to be seen and that nothing tells whole, and buttons of more than one line.
    private static final String CUT_OFF = """
            () => [...document.querySelectorAll('body *')].filter(element => element.checkVisibility()
                && !element.matches('.vf-for-readers, .for-readers, input, select, option, script, style')
                && [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())).flatMap(element => {
                    const range = document.createRange();
                    range.selectNodeContents(element);
                    const lines = new Set([...range.getClientRects()].map(each => Math.round(each.top))).size;
                    const cell = element.closest('td, th');
                    const cut = !element.closest('[title]') && !element.matches('caption')
                        && (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible'
                            || cell && range.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1
                            || cell && element.matches('.label, .btn') && element.getBoundingClientRect().right
                                > cell.getBoundingClientRect().right - parseFloat(getComputedStyle(cell).paddingRight) + 1);
                    return cut ? [`cut off: ${element.textContent}`]
                        : lines > 1 && element.matches('.btn, .label, [role="tab"]') ? [`of ${lines} lines: ${element.textContent}`] : [];
                })""";

    /// That of a rule which holds, many elements are told, takes the most time.
    private static final AxeRunOptions VIOLATIONS = new AxeRunOptions();

    static {
        VIOLATIONS.setResultTypes(List.of("violations"));
    }

    private Look() {}

    /// The page in a language: a picture of that name; no word may be cut off.
    static void inAnotherLanguage(Page page, String name) throws IOException {
        Chromium.keep(page, name);
        var cut = page.frames().stream().flatMap(frame -> ((List<?>) frame.evaluate(CUT_OFF)).stream());
        assertThat(cut).as(name).isEmpty();
    }

    /// The page as it is: a picture of that name.
    public static void asItIs(Page page, String name) throws IOException {
        Chromium.keep(page, name);
        assertAccessible(page, name);
    }

    /// The page in the theme that it has and in the other one; the pictures' names end with `-light` and `-dark`.
    public static void inBothThemes(Page page, String name) throws IOException {
        for (int themes = 0; themes < 2; themes++) {
            asItIs(page, name + "-" + page.locator("body").getAttribute("cds-theme"));
            switchTheme(page);
        }
    }

    /// Switches between light and dark, also where a dialog is in front of the button.
    private static void switchTheme(Page page) {
        page.evaluate("() => document.getElementById('theme').click()");
        String theme = page.locator("body").getAttribute("cds-theme");
        for (Frame frame : page.frames()) {
            frame.waitForFunction("theme => document.body.getAttribute('cds-theme') === theme", theme);
        }
    }

    private static void assertAccessible(Page page, String name) {
        var violations = new AxeBuilder(page).options(VIOLATIONS).analyze().getViolations().stream()
                .flatMap(Look::words);
        var torn = page.frames().stream().flatMap(frame -> ((List<?>) frame.evaluate(TORN)).stream());
        assertThat(Stream.concat(violations, torn)).as("what is not accessible in %s", name).isEmpty();
    }

    private static Stream<String> words(Rule rule) {
        return rule.getNodes().stream().map(node -> "%s: %s: %s in %s".formatted(rule.getId(), rule.getHelp(),
                node.getHtml(), node.getTarget()));
    }
}
