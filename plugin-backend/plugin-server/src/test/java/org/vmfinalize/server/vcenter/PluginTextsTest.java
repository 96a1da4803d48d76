package org.vmfinalize.server.vcenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.vmfinalize.vcenter.Extension;

/// What vCenter shows of us is there in all languages, with the same arguments.
class PluginTextsTest {

    private static final Pattern ARGUMENT = Pattern.compile("\\{\\w+}");

    private static Map<String, List<String>> argumentsByKey(Extension.Resources texts) {
        var all = new TreeMap<String, List<String>>();
        texts.texts().forEach((key, text) -> all.put(key,
                ARGUMENT.matcher(text).results().map(MatchResult::group).sorted().toList()));
        return all;
    }

    @Test
    void allLanguagesHaveTheSameKeysAndArguments() {
        var all = PluginTexts.all();
        assertThat(all).extracting(Extension.Resources::locale).containsExactly("en", "de", "ja", "zh_CN");
        var english = argumentsByKey(all.getFirst());
        assertThat(all).allSatisfy(texts -> assertThat(argumentsByKey(texts)).isEqualTo(english));
    }

    @Test
    void whatIsRegisteredHasATextInTheFormOfItsKind() {
        var keys = PluginTexts.all().getFirst().texts().keySet();
        assertThat(keys).contains(VmFinalizeKeys.TASK + ".label", VmFinalizeKeys.TASK_FAILED + ".summary");
        assertThat(VmFinalizeKeys.EVENTS).allSatisfy(event -> assertThat(keys).contains(event + ".category",
                event + ".description", event + ".fullFormat"));
    }

    @Test
    void aTextIsFilledIn() {
        assertThat(PluginTexts.english("org.vmfinalize.finalize.progress.hydratingMinutes",
                Map.of("disk", "2", "disks", "3", "percent", "41", "minutes", "12")))
                .isEqualTo("Copying disk 2 of 3 from the backup, 41 %, about 12 min left");
        assertThatThrownBy(() -> PluginTexts.english("no.such.key", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
