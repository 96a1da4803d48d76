package org.vmfinalize.places.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.places.BackupNotFoundException;
import org.vmfinalize.places.Listing;
import org.vmfinalize.places.OutsidePlacesException;
import org.vmfinalize.places.Places;
import org.vmfinalize.places.Shelf;

class LocalPlaceTest {

    @TempDir
    Path temporary;

    private Path folder;
    private Path own;
    private Places places;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createDirectories(temporary.toRealPath().resolve("backups"));
        own = Files.createDirectory(folder.resolve("server"));
        Files.createDirectory(folder.resolve("vm"));
        Files.writeString(folder.resolve("vm/disk.raw"), "disk");
        Files.writeString(temporary.resolve("secret"), "outside");
        Files.writeString(own.resolve("jobs"), "the server's own");
        places = new Places(List.of(new LocalPlace("backups", folder, List.of(own))));
    }

    @Test
    void opensByPathAndByUriAndByWhateverLeadsThere() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("vm/disk.raw"));
        Path disk = folder.resolve("vm/disk.raw");

        for (var location : List.of(disk.toString(), disk.toUri().toString(), folder + "/link", folder
                + "/vm/../vm/./disk.raw")) {
            try (var file = places.open(location)) {
                assertThat(file.location()).isEqualTo(disk.toString());
                assertThat(places.canonical(location)).isEqualTo(disk.toString());
            }
        }
    }

    @Test
    void refusesWhatLeadsOut() throws IOException {
        Files.createSymbolicLink(folder.resolve("linkout"), temporary.resolve("secret"));

        for (var location : List.of(temporary + "/secret", folder + "/../secret", folder + "/linkout",
                "/etc/there-is-no-such-file", "relative", own + "/jobs", "file://host/x", "a\0b")) {
            assertThatExceptionOfType(OutsidePlacesException.class).as(location).isThrownBy(() -> places.open(
                    location));
        }
    }

    @Test
    void tellsWhatIsMissingInsideOnly() {
        assertThatExceptionOfType(BackupNotFoundException.class).isThrownBy(() -> places.open(folder
                + "/missing"));
        assertThatExceptionOfType(BackupNotFoundException.class).isThrownBy(() -> places.open(" "));
        assertThatExceptionOfType(BackupNotFoundException.class).isThrownBy(() -> places.open("x".repeat(
                5000)));
    }

    @Test
    void listsFilesButNoLeasesNorWhatIsHiddenOrTheServersOwn() throws IOException {
        Files.writeString(folder.resolve(".hidden"), "x");
        Files.writeString(folder.resolve("vm/disk.raw.lease-1"), "x");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("vm/disk.raw"));
        Files.writeString(folder.resolve("b"), "x");

        var shelf = places.list(10).getFirst();

        assertThat(shelf.failure()).isEmpty();
        assertThat(shelf.listing().complete()).isTrue();
        assertThat(shelf.listing().files()).extracting(Listing.Item::name).containsExactly("b",
                "vm/disk.raw");
        assertThat(places.list(1).getFirst().listing().complete()).isFalse();
    }

    @Test
    void aPlaceThatCannotBeListedDoesNotHideTheOthers() throws IOException {
        try (var both = new Places(List.of(new LocalPlace("gone", temporary.resolve("gone"), List.of()),
                new LocalPlace("backups", folder, List.of())))) {
            var shelves = both.list(10);

            assertThat(shelves).extracting(Shelf::place).containsExactly("gone", "backups");
            assertThat(shelves.getFirst().failure().orElseThrow()).startsWith("place gone: the folder ");
            assertThat(shelves.getLast().listing().files()).isNotEmpty();
        }
    }

    @Test
    void placesMustHaveNamesOfTheirOwnAndAbsolutePaths() {
        var place = LocalPlace.everywhere();

        assertThatIllegalArgumentException().isThrownBy(() -> new Places(List.of(place, place)).close());
        assertThatIllegalArgumentException().isThrownBy(() -> new LocalPlace("x", Path.of("relative"),
                List.of()).close());
        assertThatIOException().isThrownBy(() -> new Places(List.of()).open("/etc/passwd"));
    }
}
