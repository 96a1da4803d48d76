package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The jobs' database under the settings that the server gives it.
class KilledDatabaseTest {

    /// Commits a row and is gone, as by `kill -9`.
    static final class Committer {

        public static void main(String... arguments) throws SQLException {
            try (var connection = DriverManager.getConnection(arguments[0]);
                    var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE job (id INT)");
                statement.execute("INSERT INTO job VALUES (51)");
                Runtime.getRuntime().halt(9);
            }
        }
    }

    @Test
    void whatWasCommittedIsThereAfterAKill(@TempDir Path folder) throws Exception {
        var url = url(folder);

        var killed = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"), Committer.class.getName(), url).inheritIO().start();

        assertThat(killed.waitFor()).isEqualTo(9);
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id FROM job")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(51);
        }
    }

    private static String url(Path folder) throws IOException {
        var defaults = new Properties();
        try (var file = PluginServer.class.getResourceAsStream("/server-defaults.properties")) {
            defaults.load(file);
        }
        return defaults.getProperty("spring.datasource.url").replace("${vmfinalize.data-directory}",
                folder.toString());
    }
}
