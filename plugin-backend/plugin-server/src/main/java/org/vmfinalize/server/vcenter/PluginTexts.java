package org.vmfinalize.server.vcenter;

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
public final class PluginTexts {

    private static final List<String> LOCALES = List.of("en", "de", "ja", "zh_CN");
    private static final Map<String, String> ENGLISH = texts("en");

    private PluginTexts() {}

    /// All of them, under one module: vCenter finds tasks, events and privileges there.
    public static List<Extension.Resources> all() {
        return LOCALES.stream().map(locale -> new Extension.Resources(locale, "resources", texts(locale)))
                .toList();
    }

    /// The English text of a key.
    ///
    /// @param arguments what it names in braces
    /// @throws IllegalArgumentException if there is no such key
    public static String english(String key, Map<String, String> arguments) {
        var text = ENGLISH.get(key);
        if (text == null) {
            throw new IllegalArgumentException(key + ": there is no text of that key");
        }
        for (var argument : arguments.entrySet()) {
            text = text.replace("{" + argument.getKey() + "}", argument.getValue());
        }
        return text;
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
