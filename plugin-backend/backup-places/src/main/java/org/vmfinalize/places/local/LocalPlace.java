package org.vmfinalize.places.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.places.Listing;
import org.vmfinalize.places.OutsidePlacesException;
import org.vmfinalize.places.Place;

/// A folder of this server, with all that is below it. A location is an absolute path or a `file:` URI.
public final class LocalPlace implements Place {

    private static final int MAX_LISTED_DEPTH = 8;

    private final String name;
    private final Path folder;
    private final List<Path> allowed;
    private final List<Path> closed;

    /// @param folder absolute; it need not be there yet
    /// @param closed folders whose files are never backups, such as the server's own
    /// @throws IllegalArgumentException if `folder` is not absolute
    public LocalPlace(String name, Path folder, List<Path> closed) {
        this(name, folder, List.of(), closed);
    }

    /// @param folder absolute; it need not be there yet
    /// @param allowed absolute folders that images of this place may refer to files of, besides their own folder
    /// @param closed folders whose files are never backups, such as the server's own
    /// @throws IllegalArgumentException if `folder` or one of `allowed` is not absolute
    public LocalPlace(String name, Path folder, List<Path> allowed, List<Path> closed) {
        if (!folder.isAbsolute()) {
            throw new IllegalArgumentException(
                    "place %s: must be an absolute path but was '%s'".formatted(name, folder));
        }
        for (var one : allowed) {
            if (!one.isAbsolute()) {
                throw new IllegalArgumentException(
                        "allowed-references: must be absolute paths but one was '%s'".formatted(one));
            }
        }
        this.name = name;
        this.folder = folder.normalize();
        this.allowed = allowed.stream().map(Path::normalize).toList();
        this.closed = List.copyOf(closed);
    }

    /// Every file of this server: for a user at its own console, never for one who comes over the network.
    public static LocalPlace everywhere() {
        return new LocalPlace("files", Path.of("/"), List.of());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String location() {
        return folder.toString();
    }

    @Override
    public boolean covers(String location) {
        return pathOf(location).filter(path -> path.isAbsolute() && path.normalize().startsWith(folder))
                .isPresent();
    }

    private static Optional<Path> pathOf(String location) {
        try {
            return Optional.of(location.startsWith("file:")
                    ? Path.of(URI.create(location))
                    : Path.of(location));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String canonical(String location) throws IOException {
        return real(location).toString();
    }

    @Override
    public BackupFile open(String location) throws IOException {
        return LocalBackupFile.open(real(location), allowed, closed);
    }

    private Path real(String location) throws IOException {
        Path path = pathOf(location).orElseThrow(() -> new OutsidePlacesException(location));
        Path real = LocalBackupFile.realPath(path);
        if (!real.startsWith(folder.toRealPath()) || Containment.isBelow(real, closed)) {
            throw new OutsidePlacesException(location);
        }
        return real;
    }

    /// Does not follow links, and leaves out hidden files, leases, and what may not be looked into.
    @Override
    public Listing list(int most) throws IOException {
        Path root;
        try {
            root = folder.toRealPath();
        } catch (IOException e) {
            throw new IOException("place %s: the folder %s must be there but is not (%s); mount or make it"
                    .formatted(name, folder, e.getClass().getSimpleName()), e);
        }
        var walk = new Walk(root, most);
        Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), MAX_LISTED_DEPTH, walk);
        return walk.listing();
    }

    @Override
    public void close() {
        // A folder holds nothing open.
    }

    private final class Walk extends SimpleFileVisitor<Path> {

        private final Path root;
        private final int most;
        private final List<Listing.Item> found = new ArrayList<>();
        private boolean complete = true;

        Walk(Path root, int most) {
            this.root = root;
            this.most = most;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                throws IOException {
            boolean skipped = Containment.isBelow(directory, closed)
                    || (!directory.equals(root) && isHidden(directory));
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!attributes.isRegularFile() || isHidden(file) || Lease.isMarker(file)) {
                return FileVisitResult.CONTINUE;
            }
            if (found.size() == most) {
                complete = false;
                return FileVisitResult.TERMINATE;
            }
            found.add(new Listing.Item(file.toString(), root.relativize(file).toString(),
                    OptionalLong.of(attributes.size()),
                    Optional.of(attributes.lastModifiedTime().toInstant())));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            // Gone meanwhile, or not for this server: nothing that a backup could be run from.
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }

        Listing listing() {
            found.sort(Comparator.comparing(Listing.Item::location));
            return new Listing(found, complete);
        }

        private static boolean isHidden(Path file) {
            return String.valueOf(file.getFileName()).startsWith(".");
        }
    }
}
