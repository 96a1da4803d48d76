package org.vmfinalize.formats.tar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.file.FileWindow;

/// The members of an archive. Nothing is unpacked: each is a window onto the archive, so opening reads the headers only.
///
/// **Threads:** any number, once it is open.
public final class TarArchive {

    private static final int BLOCK = TarHeader.BLOCK;
    private static final int MAX_MEMBERS = 4096;
    private static final int MAX_EXTENSION_BYTES = 64 << 10;

    private final BackupFile file;
    private final Map<String, FileWindow> members = new LinkedHashMap<>();

    private TarArchive(BackupFile file) {
        this.file = file;
    }

    /// Whether the first bytes are those of an archive.
    ///
    /// @param head at least 512 bytes, or all that there is
    public static boolean isAtStartOf(byte[] head) {
        return TarHeader.isAtStartOf(head);
    }

    /// The name of the first member, as its header has it; empty if there is none.
    public static Optional<String> firstName(byte[] head) {
        try {
            return TarHeader.parse("", head).map(TarHeader::name);
        } catch (FormatException _) {
            return Optional.empty();
        }
    }

    /// Reads the headers.
    ///
    /// @param file stays open, and open as long as members are read; closed by the caller
    /// @throws FormatException if a header is damaged, a member is cut off, has the name of another, or is no file
    public static TarArchive open(BackupFile file) throws IOException {
        var archive = new TarArchive(file);
        archive.new Walk().run();
        return archive;
    }

    /// The files in it, in their order.
    public List<BackupFile> files() {
        return List.copyOf(members.values());
    }

    private FileWindow sibling(BackupFile referrer, String reference) throws FormatException {
        FileWindow member = members.get(reference);
        if (member == null) {
            throw new FormatException(
                    "%s: must refer to a file of the same archive but refers to '%s'".formatted(
                            referrer.location(), shown(reference)));
        }
        return member;
    }

    private static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 100 ? clean : clean.substring(0, 100) + "…";
    }

    /// Goes from header to header. Extended headers are about the member that follows them.
    private final class Walk {

        private long position;
        private Map<String, String> extended = new HashMap<>();

        void run() throws IOException {
            // Two blocks of zeros end an archive; some writers leave them out.
            while (position <= file.size() - BLOCK) {
                String at = "%s: tar header at %d".formatted(file.location(), position);
                Optional<TarHeader> header = TarHeader.parse(at, block());
                if (header.isEmpty()) {
                    return;
                }
                long size = size(at, header.get());
                long content = position + BLOCK;
                if (size > file.size() - content) {
                    throw new FormatException(
                            "%s: the size must be at most %d, up to the archive's end, but was %d; it is cut off: %s"
                                    .formatted(at, file.size() - content, size, "transfer it again"));
                }
                member(at, header.get(), ByteRange.of(content, size));
                // Rounded up in two steps, as the sum could overflow.
                position = content + size / BLOCK * BLOCK + (size % BLOCK == 0 ? 0 : BLOCK);
            }
        }

        private byte[] block() throws IOException {
            var block = ByteBuffer.allocate(BLOCK);
            file.read(block, position);
            return block.array();
        }

        private long size(String at, TarHeader header) throws FormatException {
            String size = header.isFile() ? extended.get("size") : null;
            if (size == null) {
                return header.size();
            }
            if (!size.matches("[0-9]{1,18}")) {
                throw new FormatException(
                        "%s: the size in the extended header must be 1 to 18 digits but was '%s'"
                                .formatted(at, shown(size)));
            }
            return Long.parseLong(size);
        }

        private void member(String at, TarHeader header, ByteRange range) throws IOException {
            switch (header.type()) {
                case '0', '7' -> add(at, header, range);
                case '5' -> extended = new HashMap<>();
                case 'x' -> extended.putAll(PaxRecords.parse(at, extension(at, range)));
                case 'L' -> extended.put("path", longName(extension(at, range)));
                case 'g' -> refuseDefaults(at, PaxRecords.parse(at, extension(at, range)));
                default -> throw new FormatException(
                        "%s: '%s' must be a file but is a link, a device or of another kind, type '%s'"
                                .formatted(
                                        at, shown(header.name()), shown(String.valueOf(header.type()))));
            }
        }

        private byte[] extension(String at, ByteRange range) throws IOException {
            if (range.length() > MAX_EXTENSION_BYTES) {
                throw new FormatException("%s: an extended header must have at most %d bytes but has %d"
                        .formatted(at, MAX_EXTENSION_BYTES, range.length()));
            }
            var bytes = ByteBuffer.allocate((int) range.length());
            file.read(bytes, range.start());
            return bytes.array();
        }

        private static String longName(byte[] bytes) {
            String name = new String(bytes, StandardCharsets.UTF_8);
            int end = name.indexOf(0);
            return end < 0 ? name : name.substring(0, end);
        }

        private static void refuseDefaults(String at, Map<String, String> records) throws FormatException {
            if (records.containsKey("size") || records.containsKey("path")) {
                throw new FormatException(
                        at + ": a header for all members must not have a size or a path but has one");
            }
        }

        private void add(String at, TarHeader header, ByteRange range) throws FormatException {
            if (extended.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."))) {
                throw new FormatException(
                        at + ": a member must not be stored as sparse but is; pack it without -S");
            }
            String name = extended.getOrDefault("path", header.name()).replaceFirst("^(\\./)+", "");
            extended = new HashMap<>();
            if (name.isEmpty() || name.startsWith("/") || List.of(name.split("/", -1)).contains("..")) {
                throw new FormatException(
                        "%s: a member's name must stay in the archive but was '%s'".formatted(at,
                                shown(name)));
            }
            if (members.size() == MAX_MEMBERS) {
                throw new FormatException(
                        "%s: an archive must have at most %d members but has more".formatted(at,
                                MAX_MEMBERS));
            }
            var window = new FileWindow(file, name, range, TarArchive.this::sibling);
            if (members.put(name, window) != null) {
                throw new FormatException(
                        "%s: the members' names must differ but '%s' is there twice".formatted(
                                at, shown(name)));
            }
        }
    }
}
