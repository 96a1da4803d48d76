package org.vmfinalize.places.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.Backup;
import tools.jackson.databind.json.JsonMapper;

/// A marker file that says that a backup is in use: `FILE.lease-ID`, next to the file.
///
/// It is a JSON object for retention tools and people:
///
///     {"holder": "ID", "heldBy": "vm-finalize", "reason": "…", "since": "…", "renewed": "…", "until": "…" or null}
final class Lease {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String INFIX = ".lease-";

    private final Path file;
    private final Clock clock;

    Lease(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    void hold(Backup.Holder holder) throws IOException {
        var content = new LinkedHashMap<String, @Nullable String>();
        content.put("holder", holder.id());
        content.put("heldBy", "vm-finalize");
        content.put("reason", holder.reason());
        content.put("since", holder.since().toString());
        content.put("renewed", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        content.put("until", holder.until().map(Instant::toString).orElse(null));
        Path marker = marker(holder.id());
        try {
            replace(marker, JSON.writeValueAsBytes(content));
        } catch (IOException e) {
            throw new IOException(
                    ("%s: the backup cannot be marked as in use: %s; it can be read all the same, but keep"
                            + " it from being deleted").formatted(marker, reasonOf(e)),
                    e);
        }
    }

    void release(String holderId) throws IOException {
        Files.deleteIfExists(marker(holderId));
    }

    /// Whether `file` is the marker of a lease rather than a part of a backup.
    static boolean isMarker(Path file) {
        return String.valueOf(file.getFileName()).contains(INFIX);
    }

    private Path marker(String holderId) {
        return file.resolveSibling(file.getFileName() + INFIX + holderId);
    }

    /// Whoever looks at the marker sees the old content or the new, never half of it.
    private static void replace(Path marker, byte[] content) throws IOException {
        Path next = marker.resolveSibling(marker.getFileName() + ".new");
        // What a crash has left, or somebody's link, must go: a link is never followed.
        Files.deleteIfExists(next);
        try {
            Files.write(next, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(next, marker, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            deleteAfter(e, next);
            throw e;
        }
    }

    private static void deleteAfter(IOException failure, Path next) {
        try {
            Files.deleteIfExists(next);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static String reasonOf(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
