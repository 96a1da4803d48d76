package org.vmfinalize.formats.vhd;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Fields;

/// The parent locator of a differencing VHDX (section 2.6.2.6 of [MS-VHDX]): at 18 the number of entries, and from 20 on
/// the entries of 12 bytes: the offsets of a key and a value of 4 bytes each, and their lengths of 2 bytes each. Both are
/// in UTF-16.
///
/// @param linkages what the parent's data identifier may be
/// @param name without folders, not to be trusted
record VhdxParent(Map<String, UUID> linkages, String name) {

    private static final int HEAD_BYTES = 20;
    private static final int MAX_ENTRIES = 64;

    static VhdxParent parse(Fields locator) throws FormatException {
        int count = locator.rawInt(16) >>> Short.SIZE;
        if (count > MAX_ENTRIES || HEAD_BYTES + count * 12 > locator.length()) {
            throw locator.damaged(
                    "the number of entries must be 0..%d and fit but was %d".formatted(MAX_ENTRIES, count));
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int at = HEAD_BYTES + i * 12;
            int lengths = locator.rawInt(at + 8);
            values.put(text(locator, "key", at, lengths & 0xffff),
                    text(locator, "value", at + 4, lengths >>> Short.SIZE));
        }
        Map<String, UUID> linkages = new HashMap<>();
        for (var key : new String[]{"parent_linkage", "parent_linkage2"}) {
            linkage(values.getOrDefault(key, "")).ifPresent(id -> linkages.put(key, id));
        }
        String path = Stream.of("relative_path", "absolute_win32_path", "volume_path").map(values::get)
                .filter(value -> value != null && !value.isBlank()).findFirst()
                .orElseThrow(() -> locator.damaged("the parent's path must be stated but is not"));
        return new VhdxParent(Map.copyOf(linkages), ParentPaths.lastPart(path));
    }

    private static String text(Fields locator, String what, int at, int length) throws FormatException {
        int offset = locator.intAt("offset of a " + what, at, HEAD_BYTES, locator.length() - (long) length);
        return new String(locator.bytes(offset, length), StandardCharsets.UTF_16LE);
    }

    private static Optional<UUID> linkage(String text) {
        String plain = text.replaceAll("[{}]", "").toLowerCase(Locale.ROOT);
        return plain.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                ? Optional.of(UUID.fromString(plain))
                : Optional.empty();
    }
}
