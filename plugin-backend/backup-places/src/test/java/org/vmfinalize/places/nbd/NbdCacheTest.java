package org.vmfinalize.places.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.places.Content;
import org.vmfinalize.places.cache.BlockCache;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.trust.ServerTrust;

/// What crosses the link to an NBD server twice, and what does not.
class NbdCacheTest {

    private static final int SIZE = 4 << 20;

    @TempDir
    Path folder;

    private URI uri() {
        return URI.create("nbd+unix:///?socket=" + folder.resolve("socket"));
    }

    private NbdPlace place(BlockCache cache) {
        return new NbdPlace("vault", uri(), new ServerTrust(Optional.empty(), Optional.empty()),
                Duration.ofSeconds(20), new Link("vault", 32, Duration.ofSeconds(20)), cache);
    }

    private NbdServer serve() throws IOException {
        return NbdServer.nbdkit(folder, List.of("-U", folder.resolve("socket").toString()), "file",
                "disk.raw");
    }

    @Test
    void whatWasReadIsNotAskedForAgainByWhoeverHasTheExportOpen() throws IOException {
        byte[] content = Content.sparse(folder.resolve("disk.raw"), SIZE, 5);

        try (var cache = BlockCache.open(folder.resolve("cache"), 1 << 30); var server = serve()) {
            var place = place(cache);
            try (var file = place.open(uri().toString()); var same = place.open(uri().toString())) {
                assertThat(Content.read(file, 300_000)).isEqualTo(content);
                server.stop();

                assertThat(Content.read(file, 70_000)).isEqualTo(content);
                assertThat(Content.read(same, 300_000)).isEqualTo(content);
            }
        }
    }

    /// The change lies between the samples, so size and samples are as before.
    @Test
    void whatTheServerHasLaterIsNotMixedWithWhatItHad() throws IOException {
        byte[] content = Content.sparse(folder.resolve("disk.raw"), SIZE, 5);

        try (var cache = BlockCache.open(folder.resolve("cache"), 1 << 30); var _ = serve()) {
            var place = place(cache);
            String identity;
            try (var file = place.open(uri().toString())) {
                assertThat(Content.read(file, 300_000)).isEqualTo(content);
                identity = file.identity();
            }
            try (var raw = new RandomAccessFile(folder.resolve("disk.raw").toFile(), "rw")) {
                raw.seek(1 << 20);
                raw.write('x');
            }
            content[1 << 20] = 'x';

            try (var file = place.open(uri().toString())) {
                assertThat(file.identity()).isEqualTo(identity);
                assertThat(Content.read(file, 300_000)).isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"nbd://vault.example.org/disk, true", "nbds://192.0.2.7/, true", "nbd://localhost/, false",
            "nbd://127.0.0.1:10810/, false", "nbds://[::1]/, false", "nbd+unix:///?socket=/run/s, false"})
    void aServerOfThisMachineNeedsNoCache(URI uri, boolean remote) {
        assertThat(NbdPlace.isRemote(uri)).isEqualTo(remote);
    }
}
