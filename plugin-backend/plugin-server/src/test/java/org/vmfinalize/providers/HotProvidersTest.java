package org.vmfinalize.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.places.Places;
import org.vmfinalize.places.local.LocalPlace;

/// Bundles that come, change, go and fail while the server runs.
class HotProvidersTest {

    @TempDir
    Path folder;

    private Path added;
    private Path image;
    private BackupProviders providers;

    @BeforeEach
    void start() throws IOException {
        added = Files.createDirectory(folder.resolve("providers"));
        image = Files.write(folder.resolve("disk.raw"), new byte[4096]);
        providers = BackupProviders.start(folder.resolve("framework"), added, new Places(List.of(LocalPlace
                .everywhere())));
    }

    @AfterEach
    void stop() {
        providers.close();
    }

    private Backup open(String format) throws IOException {
        return providers.open(new BackupReference(image.toString(), format, ""));
    }

    private static byte firstByte(Backup backup) throws IOException {
        byte[] bytes = new byte[512];
        backup.disks().getFirst().read(ByteBuffer.wrap(bytes), 0);
        return bytes[0];
    }

    private List<Provider> third() {
        return providers.describe().stream().filter(provider -> provider.file().equals("third.jar")).toList();
    }

    @Test
    void aBundleThatIsDroppedInIsUsedAndOneThatIsRemovedIsNot() throws IOException {
        ReadingBundle.build(added.resolve("third.jar"), 1);
        providers.scan();

        try (var backup = open("third-party")) {
            assertThat(firstByte(backup)).isEqualTo((byte) 1);
        }
        Files.delete(added.resolve("third.jar"));
        providers.scan();
        assertThat(third()).isEmpty();
        assertThatExceptionOfType(NotAnImageException.class).isThrownBy(() -> open("third-party"));
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void theFolderIsWatched() throws IOException {
        ReadingBundle.build(added.resolve("third.jar"), 1);
        while (!providers.formatNames().contains("third-party")) {
            Thread.onSpinWait();
        }
        Files.delete(added.resolve("third.jar"));
        while (providers.formatNames().contains("third-party")) {
            Thread.onSpinWait();
        }
        assertThat(third()).isEmpty();
    }

    @Test
    void aBackupInUseKeepsItsBundleAndLaterOnesTakeTheNew() throws IOException {
        ReadingBundle.build(added.resolve("third.jar"), 1);
        providers.scan();
        try (var old = open("third-party")) {
            ReadingBundle.build(added.resolve("third.jar"), 2);
            providers.scan();

            try (var fresh = open("third-party")) {
                assertThat(firstByte(fresh)).isEqualTo((byte) 2);
                // Only now its class is loaded that knows the byte.
                assertThat(firstByte(old)).isEqualTo((byte) 1);
                assertThat(third()).extracting(Provider::state).containsExactly(ProviderState.ACTIVE,
                        ProviderState.RETIRING);
                assertThat(third()).extracting(Provider::openBackups).containsExactly(1, 1);
            }
        }
        assertThat(third()).extracting(Provider::state).containsExactly(ProviderState.ACTIVE);
    }

    @Test
    void aBackupInUseKeepsItsBundleWhenThatIsRemoved() throws IOException {
        ReadingBundle.build(added.resolve("third.jar"), 1);
        providers.scan();
        try (var old = open("third-party")) {
            Files.delete(added.resolve("third.jar"));
            providers.scan();

            assertThat(firstByte(old)).isEqualTo((byte) 1);
            assertThat(third()).extracting(Provider::state).containsExactly(ProviderState.RETIRING);
        }
        assertThat(third()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUpdateThatFailsLeavesTheOldOneInUse(boolean isBundle) throws IOException {
        ReadingBundle.build(added.resolve("third.jar"), 1);
        providers.scan();
        if (isBundle) {
            TestBundle.build(folder.resolve("third.jar"),
                    "if (true) throw new IllegalStateException(\"not today\");", "return 0;");
            Files.move(folder.resolve("third.jar"), added.resolve("third.jar"),
                    StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.writeString(added.resolve("third.jar"), "half of a ja");
        }
        providers.scan();

        try (var backup = open("third-party")) {
            assertThat(firstByte(backup)).isEqualTo((byte) 1);
        }
        assertThat(third()).singleElement().satisfies(provider -> {
            assertThat(provider.state()).isEqualTo(ProviderState.ACTIVE);
            assertThat(provider.error()).contains(isBundle ? "not today" : "must be an OSGi bundle");
        });
        ReadingBundle.build(added.resolve("third.jar"), 3);
        providers.scan();
        try (var backup = open("third-party")) {
            assertThat(firstByte(backup)).isEqualTo((byte) 3);
        }
        assertThat(third()).singleElement().satisfies(provider -> assertThat(provider.error()).isNull());
    }

    @Test
    void aBundleThatFailedIsShownWithItsReason() throws IOException {
        Files.writeString(added.resolve("third.jar"), "no jar");
        providers.scan();

        assertThat(third()).singleElement().satisfies(provider -> {
            assertThat(provider.state()).isEqualTo(ProviderState.FAILED);
            assertThat(provider.error()).doesNotContain("\n");
        });
        assertThat(providers.formatNames()).contains("raw");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw new IllegalStateException(\"confused\");",
            "throw new NoClassDefFoundError(\"gone\");", "read(target, position);",
            "throw new OutOfMemoryError(\"all of it\");", "throw new AssertionError();",
            "target.position(target.limit() - 1);", "target.limit(0);"})
    void aReadThatFailsInAnyWayCostsTheBackupAndNothingElse(String read) throws IOException {
        ReadingBundle.build(added.resolve("third.jar"), 1, read,
                "return java.util.Collections.emptyIterator();");
        providers.scan();

        try (var bad = open("third-party"); var good = open("raw")) {
            assertThatIOException().isThrownBy(() -> firstByte(bad)).withMessageContaining("third-party")
                    .withMessageContaining("third.jar");
            assertThat(firstByte(good)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw new IllegalStateException();",
            "return java.util.Collections.emptyIterator();",
            "return List.of(new Extent(new ByteRange(512, 1024), Extent.Kind.DATA)).iterator();",
            "return List.of(new Extent(new ByteRange(0, 1L << 40), Extent.Kind.DATA)).iterator();",
            "return null;"})
    void extentsThatCannotBeAreRefused(String extents) throws IOException {
        ReadingBundle.build(added.resolve("third.jar"), 1, ReadingBundle.FILL, extents);
        providers.scan();

        try (var backup = open("third-party")) {
            var disk = backup.disks().getFirst();
            assertThatIOException().isThrownBy(() -> {
                try {
                    disk.extents(new ByteRange(0, 4096)).forEachRemaining(_ -> {
                    });
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            }).withMessageContaining("third-party");
        }
    }
}
