package org.vmfinalize.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What holds for every file of the pages: its markup is constant, and it needs nothing from elsewhere.
class PagesTest {

    /// What makes markup or code of a text; `innerHTML` is looked at more closely.
    private static final Pattern MARKUP = Pattern.compile(
            "insertAdjacentHTML|outerHTML|document\\.write|createContextualFragment|DOMParser|srcdoc|setHTML|\\beval\\(|new Function");

    private static final Pattern INNER_HTML = Pattern
            .compile("innerHTML\\b\\s*(.)?=\\s*(`[^`]*`|('[^']*'\\s*\\+?\\s*)+);?");
    private static final Pattern FILLED_IN = Pattern.compile("\\$\\{([^}]*)}");

    /// Constants of the pages themselves.
    private static final List<String> CONSTANT = List.of("ALERT", "MOVE",
            "ALERT.replace('alert-danger', 'alert-warning')");

    /// The name of a language of XML is an address, but nothing is fetched from it.
    private static final String SVG = "http://www.w3.org/2000/svg";

    @TestFactory
    Stream<DynamicTest> putsOnlyConstantsIntoThePageAsMarkup() throws Exception {
        return files(".js").map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
            String text = Files.readString(file);
            List<String> constants = INNER_HTML.matcher(text).results().map(found -> found.group(2)).toList();

            assertThat(MARKUP.matcher(text).results().map(found -> found.group())).isEmpty();
            assertThat(constants).as("each innerHTML is given a literal")
                    .hasSize((int) Pattern.compile("innerHTML").matcher(text).results().count());
            assertThat(constants.stream().flatMap(each -> FILLED_IN.matcher(each).results())
                    .map(found -> found.group(1))).allMatch(CONSTANT::contains);
        }));
    }

    @TestFactory
    Stream<DynamicTest> needsNothingFromElsewhere() throws Exception {
        return Stream.of(".js", ".css", ".html", ".json").flatMap(PagesTest::files)
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(),
                        () -> assertThat(Files.readString(file).replace(SVG, "")).doesNotContain("http://",
                                "https://",
                                "url(//", "=\"//")));
    }

    @TestFactory
    Stream<DynamicTest> hasNoScriptOrStyleInItsMarkup() {
        return files(".html").map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
            String text = Files.readString(file);
            Matcher script = Pattern.compile("<script(?![^>]*\\bsrc=)").matcher(text);

            assertThat(script.find()).as("a script in the page itself").isFalse();
            assertThat(text).doesNotContain("<style", "style=\"").doesNotContainPattern("\\son[a-z]+=");
        }));
    }

    private static Stream<Path> files(String ending) {
        try (var files = Files.walk(Path.of(PluginManifest.resource("plugin.json").toURI()).getParent())) {
            List<Path> found = files.filter(file -> file.toString().endsWith(ending)).toList();
            assertThat(found).as(ending).isNotEmpty();
            return found.stream();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
