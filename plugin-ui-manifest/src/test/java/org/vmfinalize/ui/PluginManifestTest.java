package org.vmfinalize.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// One wrong key makes the vSphere Client refuse the whole plugin as incompatible; so all its rules are checked here.
class PluginManifestTest {

    private static final int TILE = 32;
    private static final String VERSION = "\\s*(([\\(\\[]\\s*(\\d+(\\.\\d+){0,3})?\\s*,\\s*(\\d+(\\.\\d+){0,3})?\\s*[\\)\\]])"
            + "|\\d+(\\.\\d+){0,3})\\s*";

    private static final Set<String> VERSIONED = Set.of("vsphere.client", "vcenter.server");

    /// The client from which on each feature may be asked for.
    private static final Map<String, String> SINCE = Map.of("plugin.dynamic.extensions", "7.0.1",
            "action.accepts.multiple.targets", "7.0.1", "proxied.plugin.server.origin.api", "7.0.0",
            "plugin.backend.info.api", "7.0.0", "icon.sprite.sheet.theming", "7.0.0",
            "confirmation.modal.api",
            "7.0.0", "open.modal.api", "8.0.0");

    /// What each kind of object may hold. A key beyond these is refused by the client.
    private static final Map<String, Set<String>> KNOWN = Map.ofEntries(
            Map.entry("",
                    Set.of("manifestVersion", "requirements", "configuration", "global", "objects",
                            "definitions")),
            Map.entry("requirements", Set.of("plugin.api.version", "vsphere.client", "vcenter.server",
                    "plugin.dynamic.extensions", "action.accepts.multiple.targets",
                    "proxied.plugin.server.origin.api",
                    "plugin.backend.info.api", "icon.sprite.sheet.theming", "confirmation.modal.api",
                    "open.modal.api")),
            Map.entry("requirements/vsphere.client", Set.of("version", "environments")),
            Map.entry("requirements/vcenter.server", Set.of("version", "environments")),
            Map.entry("configuration", Set.of("nameKey", "icon")),
            Map.entry("configuration/icon", Set.of("name")),
            Map.entry("global", Set.of("view")),
            Map.entry("global/view", Set.of("navigationId", "uri", "navigationVisible", "isPublic")),
            Map.entry("objects", Set.of("VirtualMachine")),
            Map.entry("objects/VirtualMachine", Set.of("summary", "monitor", "configure", "menu")),
            Map.entry("objects/VirtualMachine/summary", Set.of("dynamicUri", "view")),
            Map.entry("objects/VirtualMachine/summary/view", Set.of("id", "uri", "icon", "dynamic")),
            Map.entry("objects/VirtualMachine/monitor", Set.of("dynamicUri", "views")),
            Map.entry("objects/VirtualMachine/monitor/views",
                    Set.of("navigationId", "labelKey", "uri", "dynamic", "isPublic")),
            Map.entry("objects/VirtualMachine/menu", Set.of("dynamicUri", "actions")),
            Map.entry("objects/VirtualMachine/menu/actions",
                    Set.of("type", "id", "labelKey", "icon", "trigger", "acceptsMultipleTargets", "dynamic")),
            Map.entry("objects/VirtualMachine/menu/actions/icon", Set.of("name")),
            Map.entry("objects/VirtualMachine/menu/actions/trigger",
                    Set.of("type", "uri", "titleKey", "accessibilityTitleKey", "size")),
            Map.entry("objects/VirtualMachine/menu/actions/trigger/size", Set.of("width", "height")),
            Map.entry("definitions", Set.of("iconSpriteSheet", "i18n")),
            Map.entry("definitions/iconSpriteSheet", Set.of("uri", "definitions", "themeOverrides")),
            Map.entry("definitions/iconSpriteSheet/themeOverrides", Set.of("dark")),
            Map.entry("definitions/iconSpriteSheet/themeOverrides/dark", Set.of("uri", "definitions")),
            Map.entry("definitions/i18n", Set.of("locales", "definitions")));

    private JsonNode manifest;

    @BeforeEach
    void read() throws IOException {
        manifest = PluginManifest.read();
    }

    @Test
    void hasTheVersionOfTheApiThatItAsksFor() {
        assertThat(manifest.path("manifestVersion").asString()).isEqualTo("1.2.0");
        assertThat(manifest.at("/requirements/plugin.api.version").asString()).isEqualTo("1.2.0");
    }

    /// A client refuses a manifest with a feature that it does not know, and one that is not for it.
    @ParameterizedTest
    @ValueSource(strings = {"7.0.3", "8.0.0", "8.0.2", "8.0.3", "9.0.0", "9.1.0"})
    void isTakenByEveryClientFromSevenUpdateThreeOn(String client) {
        var requirements = manifest.path("requirements");

        requirements.propertyNames().stream()
                .filter(name -> !VERSIONED.contains(name) && !name.equals("plugin.api.version"))
                .forEach(feature -> assertThat(SINCE.get(feature)).as("%s is not in %s", feature, client)
                        .isNotNull().satisfies(since -> assertThat(compare(since, client)).isNotPositive()));
        VERSIONED.forEach(
                product -> assertThat(isIn(client, requirements.path(product).path("version").asString()))
                        .as("%s %s", product, client).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.7.0", "7.0.2"})
    void isNotTakenByClientsThatLackWhatItNeeds(String client) {
        VERSIONED.forEach(product -> assertThat(
                isIn(client, manifest.path("requirements").path(product).path("version").asString()))
                .isFalse());
    }

    /// Whether a version is in an interval such as `[7.0.3,)`.
    private static boolean isIn(String version, String interval) {
        var bounds = interval.strip().replaceAll("[\\[\\]()\\s]", "").split(",", 2);
        boolean above = bounds[0].isEmpty()
                || compare(bounds[0], version) < (interval.strip().startsWith("[") ? 1 : 0);
        boolean below = bounds[1].isEmpty()
                || compare(version, bounds[1]) < (interval.strip().endsWith("]") ? 1 : 0);
        return above && below;
    }

    private static int compare(String left, String right) {
        return Arrays.compare(numbers(left), numbers(right));
    }

    private static int[] numbers(String version) {
        return Arrays.copyOf(Stream.of(version.split("\\.")).mapToInt(Integer::parseInt).toArray(), 4);
    }

    @TestFactory
    Stream<DynamicTest> holdsOnlyKnownKeysAtEveryLevel() {
        return KNOWN.entrySet().stream().map(level -> DynamicTest.dynamicTest("/" + level.getKey(),
                () -> at(level.getKey()).forEach(
                        object -> assertThat(level.getValue()).containsAll(object.propertyNames()))));
    }

    @Test
    void asksForVersionsInTheFormThatTheClientReads() {
        VERSIONED.forEach(product -> {
            JsonNode requirement = manifest.path("requirements").path(product);

            assertThat(requirement.path("version").asString()).matches(VERSION);
            assertThat(texts(requirement.path("environments"))).isNotEmpty().isSubsetOf("onprem", "cloud",
                    "gateway");
        });
    }

    @Test
    void claimsExactlyTheFeaturesThatItUses() {
        assertThat(manifest.path("requirements").has("plugin.dynamic.extensions"))
                .isEqualTo(PluginManifest.with(manifest, "dynamic").findAny().isPresent());
        assertThat(manifest.path("requirements").has("icon.sprite.sheet.theming"))
                .isEqualTo(PluginManifest.with(manifest, "themeOverrides").findAny().isPresent());
        assertThat(manifest.path("requirements").has("action.accepts.multiple.targets"))
                .isEqualTo(PluginManifest.with(manifest, "acceptsMultipleTargets").findAny().isPresent());
    }

    @Test
    void hasEveryTextInEveryLanguageAndNoneBeyond() {
        List<String> locales = texts(manifest.at("/definitions/i18n/locales"));
        JsonNode texts = manifest.at("/definitions/i18n/definitions");

        assertThat(locales).isNotEmpty().doesNotHaveDuplicates()
                .allMatch(locale -> locale.matches("[a-z]{2}-[A-Z]{2}"));
        texts.forEach(text -> {
            assertThat(text.propertyNames()).containsExactlyInAnyOrderElementsOf(locales);
            assertThat(texts(text)).noneMatch(String::isBlank);
        });
    }

    @Test
    void definesEveryTextThatItNamesAndNamesEveryTextThatItDefines() {
        List<String> named = Stream.of("nameKey", "labelKey", "titleKey", "accessibilityTitleKey")
                .flatMap(key -> PluginManifest.with(manifest, key).map(object -> object.path(key).asString()))
                .distinct().toList();

        assertThat(manifest.at("/definitions/i18n/definitions").propertyNames())
                .containsExactlyInAnyOrderElementsOf(named);
    }

    @Test
    void drawsEveryIconInsideItsSheetInBothThemes() throws IOException {
        List<String> named = PluginManifest.with(manifest, "icon")
                .map(object -> object.at("/icon/name").asString()).toList();
        JsonNode light = manifest.at("/definitions/iconSpriteSheet");

        for (JsonNode sheet : List.of(light, light.at("/themeOverrides/dark"))) {
            BufferedImage picture = ImageIO.read(PluginManifest.resource(sheet.path("uri").asString()));
            JsonNode icons = sheet.path("definitions");

            assertThat(icons.propertyNames()).containsAll(named);
            icons.forEach(icon -> {
                int x = icon.path("x").asInt();
                int y = icon.path("y").asInt();
                assertThat(x + TILE).isLessThanOrEqualTo(picture.getWidth());
                assertThat(y + TILE).isLessThanOrEqualTo(picture.getHeight());
                assertThat(isDrawn(picture, x, y)).as("something is drawn at %d, %d", x, y).isTrue();
            });
        }
    }

    @Test
    void namesEachViewAndActionOnce() {
        List<String> views = PluginManifest.with(manifest, "navigationId")
                .map(view -> view.path("navigationId").asString()).toList();

        assertThat(views).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-zA-Z]+"));
        assertThat(PluginManifest.with(manifest.at("/objects/VirtualMachine/menu"), "id")
                .map(action -> action.path("id").asString())).doesNotHaveDuplicates();
    }

    @Test
    void hasActionsAndSeparatorsOnlyInItsMenu() {
        manifest.at("/objects/VirtualMachine/menu/actions").forEach(entry -> {
            if (entry.has("type")) {
                assertThat(entry.path("type").asString()).isEqualTo("separator");
                assertThat(entry.propertyNames()).containsExactly("type");
            } else {
                assertThat(entry.propertyNames()).contains("id", "labelKey", "trigger");
                assertThat(entry.at("/trigger/type").asString()).isEqualTo("modal");
                assertThat(entry.at("/trigger/size/width").asInt()).isIn(288, 576, 720, 864);
            }
        });
    }

    @Test
    void speaksTheLanguagesOfItsPages() throws IOException {
        assertThat(texts(manifest.at("/definitions/i18n/locales"))).containsExactlyInAnyOrder("en-US",
                "de-DE",
                "ja-JP", "zh-CN");
        for (String language : List.of("en", "de", "ja", "zh")) {
            assertThat(PluginManifest.resource("js/text/" + language + ".js")).isNotNull();
        }
    }

    @Test
    void namesWhatIsDynamicAndWhereToAskForIt() {
        for (String category : List.of("summary", "monitor", "configure", "menu")) {
            JsonNode node = manifest.at("/objects/VirtualMachine").path(category);
            List<JsonNode> dynamic = PluginManifest
                    .objects(node, object -> object.path("dynamic").asBoolean(false)).toList();

            assertThat(node.has("dynamicUri")).as(category).isEqualTo(!dynamic.isEmpty());
            assertThat(dynamic).allMatch(item -> item.has("id") || item.has("navigationId"));
        }
    }

    @Test
    void opensOnlyPagesThatAreShipped() throws IOException {
        String main;
        try (var script = PluginManifest.resource("js/main.js").openStream()) {
            main = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }

        List<String> pages = PluginManifest.with(manifest, "uri").map(object -> object.path("uri").asString())
                .toList();

        assertThat(pages).isNotEmpty().allSatisfy(page -> {
            assertThat(page).doesNotStartWith("/").doesNotContain("://");
            String[] parts = page.split("(?=#)", 2);
            assertThat(PluginManifest.resource(parts[0])).isNotNull();
            if (parts.length > 1) {
                assertThat(main).contains("'" + parts[1] + "'");
            }
        });
    }

    private static boolean isDrawn(BufferedImage picture, int x, int y) {
        for (int pixel : picture.getRGB(x, y, TILE, TILE, null, 0, TILE)) {
            if (pixel >>> 24 != 0) {
                return true;
            }
        }
        return false;
    }

    /// The objects at a path such as `objects/VirtualMachine`; those inside when an array is there.
    private Stream<JsonNode> at(String path) {
        Stream<JsonNode> nodes = Stream.of(manifest);
        for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
            nodes = nodes.map(node -> node.path(name)).flatMap(PluginManifestTest::spread);
        }
        return nodes;
    }

    private static Stream<JsonNode> spread(JsonNode node) {
        return node.isArray() ? node.values().stream() : Stream.of(node);
    }

    private static List<String> texts(JsonNode node) {
        return node.values().stream().map(JsonNode::asString).toList();
    }
}
