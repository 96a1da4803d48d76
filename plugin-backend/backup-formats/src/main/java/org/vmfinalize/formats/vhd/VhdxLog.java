package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;

/// The log of a VHDX that was not closed cleanly (section 2.3 of [MS-VHDX]): a ring of entries, each of which begins at a
/// multiple of 4 KiB. What counts is the sequence of sound entries, whose numbers follow one another, with the highest last
/// number; its last entry says where those begin that are to be replayed. They are replayed in memory: the file is not
/// changed.
///
/// The logs of a chain have at most 16 MiB, and Hyper-V makes them of 1 MiB.
final class VhdxLog {

    private static final int SECTOR = VhdxLogEntry.SECTOR;
    private static final int MAX_BYTES = 16 << 20;
    private static final long MEBIBYTE = 1 << 20;

    /// How often the log's bytes may be looked at: entries that lie over one another would cost without end.
    private static final int MAX_PASSES = 16;

    /// A file as it is after its log was replayed.
    ///
    /// @param logBytes how much of it is kept in memory at most
    record Replayed(BackupFile content, int logBytes) {}

    private final BackupFile file;
    private final UUID id;
    private final ByteBuffer ring;
    private final Map<Integer, Optional<VhdxLogEntry>> known = new HashMap<>();
    private long bytesLeft;

    private VhdxLog(BackupFile file, UUID id, ByteBuffer ring) {
        this.file = file;
        this.id = id;
        this.ring = ring;
        this.bytesLeft = (long) MAX_PASSES * ring.limit();
    }

    /// The file as it is after its log was replayed.
    ///
    /// @param header the current one
    /// @param id of the log
    /// @param replayed of files above, in bytes
    /// @throws FormatException if the log is damaged, or the file is shorter than its log says
    static Replayed replay(BackupFile file, VhdxStructure header, UUID id, int replayed)
            throws IOException {
        int length = header.fields().intAt("log length", 68, MEBIBYTE, MAX_BYTES);
        if (replayed + length > MAX_BYTES) {
            throw header.fields().damaged("the logs of a chain must have at most %d bytes but have %d"
                    .formatted(MAX_BYTES, replayed + length));
        }
        long offset = header.fields().longAt("log offset", 72, MEBIBYTE, file.size() - length);
        if (length % MEBIBYTE != 0 || offset % MEBIBYTE != 0) {
            throw header.fields().damaged(
                    "the log must have multiples of 1 MiB but has %d bytes at %d".formatted(length, offset));
        }
        var ring = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.read(ring, offset);
        return new Replayed(new VhdxLog(file, id, ring.flip()).replayed(ByteRange.of(offset, length)),
                length);
    }

    private BackupFile replayed(ByteRange log) throws FormatException {
        List<VhdxLogEntry> entries = activeSequence();
        VhdxLogEntry last = entries.getLast();
        if (last.flushedFileSize() > file.size()) {
            throw damaged(last, "the file must have %d bytes but has %d; it is truncated".formatted(
                    last.flushedFileSize(), file.size()));
        }
        var patches = new Patches();
        long size = file.size();
        for (var entry : entries) {
            entry.apply(patches, log);
            size = Math.max(size, entry.lastFileSize());
        }
        return new PatchedFile(file, patches, Math.max(size, patches.end()));
    }

    private List<VhdxLogEntry> activeSequence() throws FormatException {
        List<VhdxLogEntry> best = List.of();
        int start = 0;
        while (start < ring.limit()) {
            var sequence = sequence(start);
            int end = sequence.isEmpty() ? start + SECTOR : start + lengthOf(sequence);
            Optional<List<VhdxLogEntry>> active = active(sequence);
            if (active.isEmpty()) {
                end = start + SECTOR;
            } else if (best.isEmpty() || Long.compareUnsigned(active.get().getLast().number(),
                    best.getLast().number()) > 0) {
                best = active.get();
            }
            start = end;
        }
        if (best.isEmpty()) {
            throw new FormatException(
                    "%s: VHDX log: there must be a sequence of sound entries but is none; the image is damaged"
                            .formatted(file.location()));
        }
        return best;
    }

    private static int lengthOf(List<VhdxLogEntry> sequence) {
        return sequence.stream().mapToInt(VhdxLogEntry::length).sum();
    }

    /// From the entry on that the last one names; empty if the sequence does not have that.
    private static Optional<List<VhdxLogEntry>> active(List<VhdxLogEntry> sequence) {
        for (int i = 0; i < sequence.size(); i++) {
            if (sequence.get(i).offset() == sequence.getLast().tail()) {
                return Optional.of(sequence.subList(i, sequence.size()));
            }
        }
        return Optional.empty();
    }

    /// The entries that follow one another from `start` on; the ring is gone round once at most.
    private List<VhdxLogEntry> sequence(int start) throws FormatException {
        var entries = new ArrayList<VhdxLogEntry>();
        int used = 0;
        Optional<VhdxLogEntry> next = entryAt(start);
        while (next.isPresent() && used + next.get().length() <= ring.limit()
                && (entries.isEmpty() || next.get().number() == entries.getLast().number() + 1)) {
            entries.add(next.get());
            used += next.get().length();
            next = entryAt((start + used) % ring.limit());
        }
        return entries;
    }

    private Optional<VhdxLogEntry> entryAt(int offset) throws FormatException {
        var entry = known.get(offset);
        if (entry == null) {
            entry = read(offset);
            known.put(offset, entry);
        }
        return entry;
    }

    private Optional<VhdxLogEntry> read(int offset) throws FormatException {
        int length = VhdxLogEntry.lengthAt(ring, offset, id);
        bytesLeft -= length;
        if (bytesLeft < 0) {
            throw new FormatException(
                    "%s: VHDX log: entries must not lie over one another but do; the image is damaged"
                            .formatted(file.location()));
        }
        return length == 0
                ? Optional.empty()
                : VhdxLogEntry.parse(file.location(), offset, VhdxLogEntry.around(ring, offset, length));
    }

    private FormatException damaged(VhdxLogEntry entry, String sentence) {
        return new FormatException("%s: VHDX log entry at %d of the log: %s".formatted(file.location(),
                entry.offset(), sentence));
    }
}
