package org.vmfinalize.formats.tar;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.vmfinalize.backup.FormatException;

/// The records of an extended header of POSIX: each is `LENGTH KEY=VALUE` and a newline, where the length in decimal
/// counts all of the record.
final class PaxRecords {

    private PaxRecords() {}

    static Map<String, String> parse(String at, byte[] bytes) throws FormatException {
        Map<String, String> records = new HashMap<>();
        int position = 0;
        while (position < bytes.length && bytes[position] != 0) {
            int end = recordEnd(at, bytes, position);
            String record = new String(bytes, position, end - 1 - position, StandardCharsets.UTF_8);
            int blank = record.indexOf(' ');
            int equals = record.indexOf('=', blank);
            if (bytes[end - 1] != '\n' || equals < 0) {
                throw damaged(at, position);
            }
            records.put(record.substring(blank + 1, equals), record.substring(equals + 1));
            position = end;
        }
        return records;
    }

    private static int recordEnd(String at, byte[] bytes, int start) throws FormatException {
        int length = 0;
        int position = start;
        while (position < bytes.length && bytes[position] != ' ') {
            int digit = bytes[position] - '0';
            if (digit < 0 || digit > 9 || length > bytes.length) {
                throw damaged(at, start);
            }
            length = length * 10 + digit;
            position++;
        }
        int end = start + length;
        if (end <= position || end > bytes.length) {
            throw damaged(at, start);
        }
        return end;
    }

    private static FormatException damaged(String at, int position) {
        return new FormatException(
                "%s: the record at byte %d of the extended header must be LENGTH KEY=VALUE but is not"
                        .formatted(at, position));
    }
}
