package org.vmfinalize.places.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.places.BackupNotFoundException;
import org.vmfinalize.places.Content;
import org.vmfinalize.places.Listing;
import org.vmfinalize.places.cache.BlockCache;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// Reads objects of S3Proxy.
class S3PlaceTest {

    private static S3Store store;

    @TempDir
    Path folder;

    private byte[] content;
    private S3Place place;

    @BeforeAll
    static void startStore(@TempDir Path folder) throws Exception {
        store = S3Store.start(folder);
    }

    @AfterAll
    static void stopStore() throws Exception {
        store.close();
    }

    @BeforeEach
    void open() throws IOException {
        content = new byte[5_000_000];
        new Random(9).nextBytes(content);
        store.put("vms/web 01/disk.raw", content);
        place = place("s3://archive/vms/", S3Store.SECRET_KEY, ReadThrough.straight());
    }

    @AfterEach
    void close() {
        place.close();
    }

    private S3Place place(String uri, String secret, ReadThrough through, String... allowed)
            throws IOException {
        var file = Files.writeString(folder.resolve("credentials"),
                "access-key-id=%s\nsecret-access-key=%s\n".formatted(S3Store.ACCESS_KEY, secret));
        return new S3Place("cloud", URI.create(uri), new S3Server(Optional.of(store.endpoint()), "us-east-1",
                true), new Secrets(Optional.of(file), Optional.empty()),
                new ServerTrust(Optional.empty(),
                        Optional.empty()),
                Duration.ofSeconds(20), Stream.of(allowed).map(URI::create).toList(),
                new Link("cloud", 32, Duration.ofMillis(500)),
                through);
    }

    private BackupFile disk() throws IOException {
        return place.open("s3://archive/vms/web 01/disk.raw");
    }

    @Test
    void readsAnObject() throws IOException {
        try (var file = disk()) {
            assertThat(file.size()).isEqualTo(content.length);
            assertThat(file.name()).isEqualTo("disk.raw");
            assertThat(file.location()).isEqualTo("s3://archive/vms/web 01/disk.raw");
            assertThat(Content.read(file, 777_777)).isEqualTo(content);
            assertThat(Content.read(file, content.length)).isEqualTo(content);
        }
    }

    @Test
    void anObjectThatWasReplacedIsNotRead() throws IOException {
        try (var file = disk()) {
            byte[] other = content.clone();
            other[0]++;
            store.put("vms/web 01/disk.raw", other);

            assertThatIOException().isThrownBy(() -> file.read(ByteBuffer.allocate(10), 100))
                    .withMessageStartingWith("place cloud: s3://archive/vms/web 01/disk.raw: ")
                    .withMessageContaining("the backup has been changed");
            try (var again = disk()) {
                assertThat(again.identity()).isNotEqualTo(file.identity());
            }
        }
    }

    @Test
    void anObjectThatWasDeletedIsNamed() throws IOException {
        store.put("vms/gone", content);
        try (var file = place.open("s3://archive/vms/gone")) {
            store.delete("vms/gone");

            assertThatIOException().isThrownBy(() -> file.read(ByteBuffer.allocate(10), 100))
                    .withMessageContaining("there is no such object");
        }
        assertThatExceptionOfType(BackupNotFoundException.class).isThrownBy(() -> place.open(
                "s3://archive/vms/gone"));
    }

    @Test
    void refusesWhenTheCredentialsAreWrongAndShowsNoneOfThem() throws IOException {
        try (var wrong = place("s3://archive/", "another-secret", ReadThrough.straight())) {
            assertThatIOException().isThrownBy(() -> wrong.open("s3://archive/vms/web 01/disk.raw"))
                    .withMessageContaining("check the credentials")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("another-secret"));
        }
        Files.writeString(folder.resolve("credentials"), "access-key-id=only");
        assertThatIOException().isThrownBy(this::disk).withMessageContaining("secret-access-key");
    }

    @Test
    void aServerThatIsAwayIsNamed() throws Exception {
        var nowhere = new S3Place("cloud", URI.create("s3://archive/"), new S3Server(Optional.of(URI.create(
                "http://127.0.0.1:9")), "us-east-1", true), Secrets.none(), new ServerTrust(Optional.empty(),
                        Optional.empty()),
                Duration.ofSeconds(1), new Link("cloud", 1, Duration.ofMillis(300)),
                ReadThrough.straight());
        try (nowhere) {
            assertThatIOException().isThrownBy(() -> nowhere.open("s3://archive/x")).withMessageMatching(
                    "place cloud: s3://archive/x: must be readable but was not for 0.3s: the server cannot be reached: .*");
        }
    }

    @Test
    void opensWhatAnImageRefersToNextToIt() throws IOException {
        store.put("vms/web 01/base.raw", "base".getBytes(StandardCharsets.UTF_8));
        try (var file = disk(); var base = file.sibling("base.raw")) {
            assertThat(base.size()).isEqualTo(4);
            assertThatIOException().isThrownBy(() -> file.sibling("../other")).withMessageContaining(
                    "lies outside");
            assertThatIOException().isThrownBy(() -> file.sibling("s3://other/vms/x"))
                    .withMessageContaining("is not a plain file");
        }
    }

    @Test
    void opensWhatAnImageRefersToBelowAnAllowedPrefix() throws IOException {
        store.put("full/base.raw", "base".getBytes(StandardCharsets.UTF_8));
        store.put("fuller/base.raw", "base".getBytes(StandardCharsets.UTF_8));
        try (var allowing = place("s3://archive/vms/", S3Store.SECRET_KEY, ReadThrough.straight(),
                "s3://archive/full/");
                var file = allowing.open("s3://archive/vms/web 01/disk.raw");
                var base = file.sibling("../../full/base.raw")) {
            assertThat(base.location()).isEqualTo("s3://archive/full/base.raw");
            assertThatIOException().isThrownBy(() -> file.sibling("/fuller/base.raw")).withMessageContaining(
                    "lies outside");
        }
        for (var wrong : List.of("s3://other/full/", "s3://archive/full", "http://127.0.0.1/full/")) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> place("s3://archive/vms/",
                    S3Store.SECRET_KEY, ReadThrough.straight(), wrong).close());
        }
    }

    @Test
    void listsWhatIsBelowThePrefix() throws IOException {
        store.put("vms/a.qcow2", content);
        store.put("elsewhere/b", content);

        assertThat(place.list(100).files()).extracting(Listing.Item::location).contains(
                "s3://archive/vms/a.qcow2", "s3://archive/vms/web 01/disk.raw").noneMatch(
                        location -> location
                                .contains("elsewhere"));
        assertThat(place.list(1).complete()).isFalse();
    }

    @Test
    void coversWhatIsBelowThePrefixAndNothingElse() {
        assertThat(place.covers("s3://archive/vms/x")).isTrue();
        for (var outside : List.of("s3://archive/vmsx", "s3://archive", "s3://other/vms/x",
                "s3://ARCHIVE/vms/x",
                "/vms/x", "s3://archive/vms/a\nb")) {
            assertThat(place.covers(outside)).as(outside).isFalse();
        }
    }

    @Test
    void twoThatReadThroughTheCacheFetchOnce() throws IOException {
        try (var cache = BlockCache.open(folder.resolve("cache"), 1 << 30);
                var cached = place("s3://archive/vms/", S3Store.SECRET_KEY, cache);
                var first = cached.open("s3://archive/vms/web 01/disk.raw");
                var second = cached.open("s3://archive/vms/web 01/disk.raw")) {
            assertThat(Content.read(first, 1 << 20)).isEqualTo(content);
            store.delete("vms/web 01/disk.raw");

            assertThat(Content.read(second, 300_000)).isEqualTo(content);
            assertThat(Arrays.copyOf(content, 4)).isNotEqualTo(new byte[4]);
        }
    }
}
