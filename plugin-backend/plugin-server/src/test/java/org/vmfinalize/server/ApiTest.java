package org.vmfinalize.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A server with one backup for all tests of a class. Before each test alice is logged in and vCenter is well; each test
/// has a name for a machine of its own.
// What is static is made before all tests.
@SuppressWarnings("NullAway.Init")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ApiTest {

    static final String FINALIZATIONS = "/api/v1/finalizations";
    static final String INSTANT_VMS = "/api/v1/instant-vms";

    @TempDir
    static Path folder;

    /// A raw image of random bytes.
    static Path backup;
    static byte[] content;
    static MemoryVCenter vcenter;
    static RunningServer server;

    private static int count;

    String name;

    private final int backupBytes;

    ApiTest() {
        this(1 << 20);
    }

    /// @param backupBytes 0: there is no backup
    ApiTest(int backupBytes) {
        this.backupBytes = backupBytes;
    }

    @BeforeAll
    void startServer() throws Exception {
        content = new byte[backupBytes];
        new Random(20261123).nextBytes(content);
        backup = folder.resolve("backup.raw");
        if (backupBytes > 0) {
            Files.write(backup, content);
        }
        vcenter = new MemoryVCenter();
        prepare();
        server = started();
    }

    private RunningServer started() throws Exception {
        return RunningServer.start(folder, vcenter, settings().toArray(String[]::new)).as("alice", "ecila");
    }

    /// Stops the server in order, and starts it with all that it had.
    void restartServer() throws Exception {
        server.close();
        server = started();
    }

    /// What is there before the server is started.
    void prepare() throws Exception {}

    /// Of the server, besides those of every test.
    List<String> settings() {
        return List.of();
    }

    @AfterAll
    void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void logIn() throws Exception {
        vcenter.away = false;
        name = newName();
        server.as("alice", "ecila");
    }

    @AfterEach
    void mend() {
        vcenter.failing.clear();
        vcenter.missingPrivileges.clear();
        vcenter.away = false;
    }

    static String newName() {
        return "vm" + ++count;
    }

    /// Runs a machine of that name from the backup.
    ///
    /// @return its id
    static String runVm(String name) throws Exception {
        return runVm(name, "");
    }

    /// The same.
    ///
    /// @param more further fields of the request, with a comma before each
    static String runVm(String name, String more) throws Exception {
        var answer = server.post(INSTANT_VMS, "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"%s}"
                .formatted(name, backup, more));
        if (answer.status() != 201) {
            throw new AssertionError(answer.response().body());
        }
        return answer.text("id");
    }

    /// Begins to finalize a machine, so slowly that it does not end by itself during a test.
    ///
    /// @return the finalization's id
    static String finalizeSlowly(String vm) throws Exception {
        return server.post(FINALIZATIONS, "{\"vm\":\"%s\",\"bytesPerSecond\":1000}".formatted(vm)).text("id");
    }
}
