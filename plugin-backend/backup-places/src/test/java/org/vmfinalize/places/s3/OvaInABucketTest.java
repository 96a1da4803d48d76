package org.vmfinalize.places.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.formats.ovf.OvaFormat;
import org.vmfinalize.places.Content;
import org.vmfinalize.places.Ova;
import org.vmfinalize.places.cache.BlockCache;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// A stream-optimized VMDK in an OVA in a bucket of S3Proxy, which is a real S3 server.
class OvaInABucketTest {

    private static final String LOCATION = "s3://archive/vms/vm.ova";

    @TempDir
    Path folder;

    @Test
    void itsDiskIsReadWhereItLiesStraightAndThroughTheCache() throws Exception {
        byte[] content = Content.sparse(folder.resolve("disk.raw"), 12 << 20, 3);
        byte[] ova = Ova.make(folder);
        var credentials = Files.writeString(folder.resolve("credentials"),
                "access-key-id=%s\nsecret-access-key=%s\n".formatted(S3Store.ACCESS_KEY,
                        S3Store.SECRET_KEY));
        try (var store = S3Store.start(Files.createDirectory(folder.resolve("store")));
                var cache = BlockCache.open(folder.resolve("cache"), 1 << 30)) {
            store.put("vms/vm.ova", ova);
            for (var through : List.of(org.vmfinalize.places.remote.ReadThrough.straight(), cache)) {
                try (var place = new S3Place("cloud", URI.create("s3://archive/vms/"),
                        new S3Server(Optional.of(store.endpoint()), "us-east-1", true),
                        new Secrets(Optional.of(credentials), Optional.empty()),
                        new ServerTrust(Optional.empty(), Optional.empty()), Duration.ofSeconds(20),
                        List.of(),
                        new Link("cloud", 32, Duration.ofSeconds(20)), through)) {
                    try (var backup = new OvaFormat().open(place.open(LOCATION))) {
                        assertThat(backup.files()).anyMatch(file -> file.startsWith(LOCATION));
                        assertThat(Ova.diskOf(backup)).isEqualTo(content);
                    }
                }
            }
        }
    }
}
