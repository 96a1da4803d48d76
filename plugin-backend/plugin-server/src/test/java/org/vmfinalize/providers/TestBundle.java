package org.vmfinalize.providers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.osgi.framework.BundleActivator;
import org.vmfinalize.backup.BackupFormat;

/// Compiles one class, an activator that is a format as well, and packs it into a bundle.
final class TestBundle {

    private TestBundle() {}

    /// @param atStart a statement to run when the bundle starts
    /// @param atQuestion a statement that answers, or does not, how surely the format recognises a file
    static void build(Path jar, String atStart, String atQuestion) throws IOException {
        build(jar, atStart, atQuestion,
                "throw new FormatException(file.location() + \": opened by the third party\");");
    }

    /// @param atOpening a statement that opens a backup, or does not
    static void build(Path jar, String atStart, String atQuestion, String atOpening) throws IOException {
        compile(jar, """
                package third.party;

                import org.osgi.framework.BundleActivator;
                import org.osgi.framework.BundleContext;
                import org.vmfinalize.backup.Backup;
                import org.vmfinalize.backup.BackupFile;
                import org.vmfinalize.backup.BackupFormat;
                import org.vmfinalize.backup.FormatException;

                public class Activator implements BundleActivator, BackupFormat {
                    public void start(BundleContext context) throws Exception {
                        %s
                        context.registerService(BackupFormat.class, this, null);
                    }
                    public void stop(BundleContext context) {}
                    public String name() { return "third-party"; }
                    public int recognises(BackupFile file) throws java.io.IOException {
                        %s
                    }
                    public Backup open(BackupFile file) throws java.io.IOException {
                        %s
                    }
                }
                """.formatted(atStart, atQuestion, atOpening));
    }

    /// Makes a bundle of the class `third.party.Activator`, with all classes in it.
    static void compile(Path jar, String activator) throws IOException {
        Path work = Files.createTempDirectory("classes");
        Path source = Files.writeString(work.resolve("Activator.java"), activator);
        var messages = new StringWriter();
        boolean compiled = ToolProvider.getSystemJavaCompiler().getTask(messages, null, null,
                List.of("-d", work.toString(), "-proc:none", "-cp", jarOf(BackupFormat.class) + ":"
                        + jarOf(BundleActivator.class)),
                null, ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)
                        .getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
        var manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.putValue("Manifest-Version", "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName",
                "third.party." + jar.getFileName().toString().replace(".jar", ""));
        attributes.putValue("Bundle-Activator", "third.party.Activator");
        attributes.putValue("Import-Package", "org.osgi.framework,org.vmfinalize.backup;version=\"[1.0,2)\"");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            try (var classes = Files.newDirectoryStream(work.resolve("third/party"))) {
                for (var file : classes) {
                    out.putNextEntry(new ZipEntry("third/party/" + file.getFileName()));
                    Files.copy(file, out);
                    out.closeEntry();
                }
            }
        }
    }

    private static Path jarOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }
}
