package org.vmfinalize.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.places.Places;
import org.vmfinalize.places.local.LocalPlace;

class ProviderBundlesTest {

    private static final String FOREVER = "while (true) { try { Thread.sleep(1_000_000); } catch (InterruptedException e) { } }";

    private static final Places EVERYWHERE = new Places(List.of(LocalPlace.everywhere()));

    @TempDir
    Path folder;

    private Path added;
    private Path image;

    @BeforeEach
    void makeFolders() throws IOException {
        added = Files.createDirectory(folder.resolve("providers"));
        image = Files.write(folder.resolve("disk.raw"), new byte[4096]);
    }

    private BackupProviders start() throws IOException {
        return BackupProviders.start(folder.resolve("framework"), added, EVERYWHERE);
    }

    @Test
    void theBuiltInFormatsAreLoadedThroughTheFrameworkOnly() throws IOException {
        try (var providers = start(); var backup = providers.open(BackupReference.at(image.toString()))) {
            assertThat(providers.formatNames()).contains("qcow2", "raw");
            assertThat(backup.format()).isEqualTo("raw");
            assertThat(providers.describe()).extracting(Provider::file)
                    .contains("built-in:backup-formats.jar");
        }
        assertThatExceptionOfType(ClassNotFoundException.class)
                .isThrownBy(() -> Class.forName("org.vmfinalize.formats.raw.RawFormat"));
    }

    @Test
    void aBundleSeesNothingOfTheServer() throws IOException {
        TestBundle.build(added.resolve("curious.jar"), """
                boolean seen = true;
                try {
                    getClass().getClassLoader().loadClass("org.vmfinalize.providers.BackupProviders");
                } catch (ClassNotFoundException e) {
                    seen = false;
                }
                if (seen) throw new IllegalStateException("the server's classes are visible");
                """, "return 0;");

        try (var providers = start()) {
            assertThat(providers.formatNames()).contains("third-party");
        }
    }

    @Test
    void aBundleInTheProvidersDirectoryIsAskedToo() throws IOException {
        TestBundle.build(added.resolve("added.jar"), "", "return 99;");

        try (var providers = start()) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> providers.open(BackupReference.at(image.toString())))
                    .withMessage(image + ": opened by the third party");
        }
    }

    @Test
    void theFormatThatIsNamedOpensTheBackup() throws IOException {
        TestBundle.build(added.resolve("added.jar"), "", "return 99;");

        try (var providers = start();
                var backup = providers.open(new BackupReference(image.toString(), "raw", ""))) {
            assertThat(backup.format()).isEqualTo("raw");
        }
    }

    @Test
    void bundlesThatCannotBeStartedOrReadDoNotHurtTheRest() throws IOException {
        TestBundle.build(added.resolve("a-throws.jar"), "if (true) throw new IllegalStateException(\"no\");",
                "return 99;");
        TestBundle.build(added.resolve("b-errs.jar"), "if (true) throw new NoClassDefFoundError(\"gone\");",
                "return 99;");
        Files.writeString(added.resolve("c-no-bundle.jar"), "this is no jar");
        TestBundle.build(added.resolve("d-sound.jar"), "", "return 0;");

        try (var providers = start(); var backup = providers.open(BackupReference.at(image.toString()))) {
            assertThat(providers.formatNames()).containsOnlyOnce("third-party").contains("raw", "qcow2");
            assertThat(backup.format()).isEqualTo("raw");
        }
    }

    @Test
    void aFormatThatFailsAtTheQuestionDoesNotKeepOthersFromTheFile() throws IOException {
        TestBundle.build(added.resolve("fails.jar"), "", "throw new IllegalStateException(\"confused\");");

        try (var providers = start(); var backup = providers.open(BackupReference.at(image.toString()))) {
            assertThat(backup.format()).isEqualTo("raw");
        }
    }

    @Test
    void aProvidersDirectoryThatIsMissingAddsNothing() throws IOException {
        try (var providers = BackupProviders.start(folder.resolve("framework"), folder.resolve("missing"),
                EVERYWHERE)) {
            assertThat(providers.formatNames()).contains("raw");
        }
    }

    @Test
    void theFrameworkStartsAgainInTheSameFolder() throws IOException {
        start().close();

        try (var providers = start()) {
            assertThat(providers.formatNames()).contains("raw");
        }
    }

    /// It costs a few times the patience of two seconds: twenty openings would take more than is allowed here.
    @Test
    @Timeout(30)
    void aFormatThatNeverAnswersIsLeftOutAndTheRestGoesOn() throws IOException {
        TestBundle.build(added.resolve("hanging.jar"), "", FOREVER);

        try (var providers = BackupProviders.start(folder.resolve("framework"), added, EVERYWHERE,
                Duration.ofSeconds(2))) {
            for (int i = 0; i < 20; i++) {
                try (var backup = providers.open(BackupReference.at(image.toString()))) {
                    assertThat(backup.format()).isEqualTo("raw");
                }
            }

            assertThat(providers.describe()).filteredOn(provider -> provider.file().equals("hanging.jar"))
                    .singleElement().satisfies(provider -> assertThat(provider.error())
                            .contains("third-party", image.toString(), "did not end within 2 s"));
        }
    }

    @Test
    @Timeout(30)
    void aFormatThatNeverOpensFailsThatBackupOnly() throws IOException {
        TestBundle.build(added.resolve("hanging.jar"), "",
                "return file.name().equals(\"disk.raw\") ? 0 : 99;", FOREVER);
        var strange = Files.write(folder.resolve("strange.raw"), new byte[4096]);

        try (var providers = BackupProviders.start(folder.resolve("framework"), added, EVERYWHERE,
                Duration.ofSeconds(1))) {
            assertThatIOException()
                    .isThrownBy(() -> providers.open(BackupReference.at(strange.toString())))
                    .withMessageContaining("opening %s by the backup format third-party".formatted(strange))
                    .withMessageContaining("did not end within 1 s");

            try (var backup = providers.open(BackupReference.at(image.toString()))) {
                assertThat(backup.format()).isEqualTo("raw");
            }
        }
    }

    /// A backup of one disk all of whose calls after the opening hang.
    private static final String HANGING_BACKUP = """
            package third.party;

            import java.util.Iterator;
            import java.util.List;
            import java.util.Optional;
            import org.osgi.framework.BundleActivator;
            import org.osgi.framework.BundleContext;
            import org.vmfinalize.backup.Backup;
            import org.vmfinalize.backup.BackupDisk;
            import org.vmfinalize.backup.BackupFile;
            import org.vmfinalize.backup.BackupFormat;
            import org.vmfinalize.backup.ByteRange;
            import org.vmfinalize.backup.Extent;

            public class Activator implements BundleActivator, BackupFormat, Backup, BackupDisk {
                public void start(BundleContext context) {
                    context.registerService(BackupFormat.class, this, null);
                }
                public void stop(BundleContext context) {}
                public String name() { return "third-party"; }
                public int recognises(BackupFile file) { return file.name().equals("disk.raw") ? 0 : 99; }
                public Backup open(BackupFile file) { return this; }
                public String format() { return "third-party"; }
                public String identity() { return "1"; }
                public Optional<java.time.Instant> takenAt() { return Optional.empty(); }
                public List<BackupDisk> disks() { return List.of(this); }
                public List<String> files() { return List.of("x"); }
                public void hold(Holder holder) { forever(); }
                public void release(String holder) { forever(); }
                public void close() { forever(); }
                public long size() { return 4096; }
                public void read(java.nio.ByteBuffer target, long position) {}
                public Iterator<Extent> extents(ByteRange range) { forever(); return null; }
                public Iterator<Extent> readOrder() {
                    return new Iterator<>() {
                        public boolean hasNext() { forever(); return false; }
                        public Extent next() { return null; }
                    };
                }
                public int bestReadSize() { return 4096; }
                private static void forever() { %s }
            }
            """.formatted(FOREVER);

    @Test
    @Timeout(120)
    void aBackupWhoseCallsNeverReturnIsGivenUpAndTheRestGoesOn() throws IOException {
        TestBundle.compile(added.resolve("hanging.jar"), HANGING_BACKUP);
        var strange = Files.write(folder.resolve("strange.raw"), new byte[4096]);

        try (var providers = BackupProviders.start(folder.resolve("framework"), added, EVERYWHERE,
                Duration.ofSeconds(1))) {
            // Closing it would hang, too, which is what is tried.
            var backup = providers.open(BackupReference.at(strange.toString()));
            var disk = backup.disks().getFirst();

            assertThatIOException().isThrownBy(() -> disk.extents(new ByteRange(0, 4096)))
                    .withMessageContaining("asking for extents by the backup format third-party");
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> disk.readOrder().hasNext())
                    .withMessageContaining("telling extents by the backup format third-party");
            assertThatIOException()
                    .isThrownBy(() -> backup.hold(new Backup.Holder("1", "a test", Instant.EPOCH)))
                    .withMessageContaining("holding a backup")
                    .withMessageContaining("did not end within 1 s");
            assertThatIOException().isThrownBy(() -> backup.release("1"))
                    .withMessageContaining("releasing a backup");
            // Four have not returned: it is not even tried.
            assertThatIOException().isThrownBy(backup::close).withMessageContaining("is not tried");

            try (var other = providers.open(BackupReference.at(image.toString()))) {
                assertThat(other.format()).isEqualTo("raw");
            }
        }
    }
}
