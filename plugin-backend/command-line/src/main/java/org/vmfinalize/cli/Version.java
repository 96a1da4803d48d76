package org.vmfinalize.cli;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// The version of this program, as Maven wrote it down in its jar.
final class Version implements IVersionProvider {

    private static final String WRITTEN_BY_MAVEN = "/META-INF/maven/org.vmfinalize/command-line/pom.properties";

    @Override
    public String[] getVersion() throws IOException {
        var properties = new Properties();
        try (var written = Version.class.getResourceAsStream(WRITTEN_BY_MAVEN)) {
            if (written != null) {
                properties.load(written);
            }
        }
        return new String[]{"%s %s".formatted(VmFinalize.NAME,
                properties.getProperty("version", "of a build that is in no jar"))};
    }
}
