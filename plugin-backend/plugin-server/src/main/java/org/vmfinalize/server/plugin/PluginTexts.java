package org.vmfinalize.server.plugin;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.vmfinalize.vcenter.Extension;

/// The texts that vCenter shows of us, in the languages of the vSphere Client that we have.
final class PluginTexts {

    private static final List<String> LOCALES = List.of("en", "de", "ja", "zh_CN");

    private PluginTexts() {}

    /// All of them, under one module: vCenter finds tasks, events and privileges there.
    static List<Extension.Resources> all() {
        return LOCALES.stream().map(locale -> new Extension.Resources(locale, "resources", texts(locale)))
                .toList();
    }

    private static Map<String, String> texts(String locale) {
        var name = "texts_%s.properties".formatted(locale);
        var texts = new Properties();
        try (var in = PluginTexts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + ": it is not among the program's files");
            }
            texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var sorted = new TreeMap<String, String>();
        texts.stringPropertyNames().forEach(key -> sorted.put(key, texts.getProperty(key)));
        return sorted;
    }
}
