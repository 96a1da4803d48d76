package org.vmfinalize.formats.yaml;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;

/// Reads YAML of plain values, or JSON, which is YAML too: no anchors, so nothing is said twice by saying it once, and no
/// depth to speak of.
public final class YamlText {

    /// The largest text that is read.
    public static final int MAX_BYTES = 64 << 10;

    private static final int MAX_DEPTH = 4;
    private static final int MAX_MESSAGE = 200;

    private final String what;

    private YamlText(String what) {
        this.what = what;
    }

    /// The values of the text, which must be a mapping; its keys are texts.
    ///
    /// @param what begins messages, such as the file's location and what is in it
    /// @throws FormatException if it is no YAML, or is too large or too deep
    public static Map<String, Object> parse(String what, byte[] bytes) throws FormatException {
        return new YamlText(what).parse(bytes);
    }

    static Map<String, Object> read(BackupFile file) throws IOException {
        var text = new YamlText(file.location() + ": backup description");
        if (file.size() > MAX_BYTES) {
            throw text.damaged("must have at most %d bytes but has %d".formatted(MAX_BYTES, file.size()));
        }
        var bytes = ByteBuffer.allocate((int) file.size());
        file.read(bytes, 0);
        return text.parse(bytes.array());
    }

    private Map<String, Object> parse(byte[] bytes) throws FormatException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        var settings = LoadSettings.builder().setLabel("text").setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false).setMaxAliasesForCollections(0).build();
        try {
            checkDepth(settings, text);
            if (new Load(settings).loadFromString(text) instanceof Map<?, ?> values) {
                return values.entrySet().stream().filter(entry -> entry.getValue() != null)
                        .collect(Collectors.toMap(entry -> String.valueOf(entry.getKey()),
                                Map.Entry::getValue));
            }
        } catch (YamlEngineException e) {
            throw new FormatException("%s: must be YAML but is not: %s".formatted(what, oneLine(e)), e);
        }
        throw damaged("must be a mapping of keys to values but is not");
    }

    private static String oneLine(YamlEngineException e) {
        String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
    }

    /// The library recurses for each level, so the levels are counted first, by the events of its parser.
    private void checkDepth(LoadSettings settings, String text)
            throws FormatException {
        int depth = 0;
        for (var event : new Parse(settings).parseString(text)) {
            Event.ID id = event.getEventId();
            if (id == Event.ID.Alias) {
                throw damaged("must have no aliases but has one");
            }
            if (id == Event.ID.MappingStart || id == Event.ID.SequenceStart) {
                depth++;
            } else if (id == Event.ID.MappingEnd || id == Event.ID.SequenceEnd) {
                depth--;
            }
            if (depth > MAX_DEPTH) {
                throw damaged("must be at most %d levels deep but is deeper".formatted(MAX_DEPTH));
            }
        }
    }

    private FormatException damaged(String sentence) {
        return new FormatException("%s: %s".formatted(what, sentence));
    }
}
