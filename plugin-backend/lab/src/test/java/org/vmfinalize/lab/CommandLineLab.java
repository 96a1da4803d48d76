package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A server, a vCenter, and an administrator who is logged in by the command line.
///
/// @param folder holds all; `backups` in it may be run from
/// @param home takes the command line's session
record CommandLineLab(Path folder, Path home, LabSite site) implements AutoCloseable {

    /// Starts it, with a backup of 4 MiB for each name that is given; a backup that is made later is not listed at once.
    static CommandLineLab start(Path folder, String... listed) throws IOException, InterruptedException {
        var backups = Files.createDirectories(folder.resolve("backups"));
        for (var name : listed) {
            makeBackup(backups, name, 4 << 20);
        }
        var site = LabSite.open(folder.resolve("server"), backups,
                Files.createDirectories(folder.resolve("datastore")), 0);
        var lab = new CommandLineLab(folder, Files.createDirectories(folder.resolve("home")), site);
        try {
            site.startServer();
            lab.logIn();
            return lab;
        } catch (IOException | AssertionError e) {
            site.close();
            throw e;
        }
    }

    /// Logs in again.
    void logIn() throws IOException, InterruptedException {
        var login = CommandRun.of(home, Map.of("VMFINALIZE_PASSWORD_FILE", passwordFile().toString()),
                "login", address(), "--user", site.vsphere().userName(), "--thumbprint",
                site.server().thumbprint());
        assertThat(login.status()).as("%s", login).isZero();
    }

    Path backups() {
        return folder.resolve("backups");
    }

    String address() {
        return "https://127.0.0.1:" + site.server().address().getPort();
    }

    Path passwordFile() throws IOException {
        var file = folder.resolve("password");
        if (!Files.exists(file)) {
            Files.createFile(file,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, site.vsphere().password() + "\n");
        }
        return file;
    }

    /// A raw image of random bytes, as a backup of the VM that its name says.
    ///
    /// @param name below the folder of backups, without its suffix
    Path backup(String name, int bytes) throws IOException {
        return makeBackup(backups(), name, bytes);
    }

    private static Path makeBackup(Path backups, String name, int bytes) throws IOException {
        var content = new byte[bytes];
        new Random(name.hashCode()).nextBytes(content);
        var file = backups.resolve(name + ".raw");
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    /// Waits until the server has looked through its places.
    void awaitBackups(String... names) throws IOException, InterruptedException {
        while (!List.of(names).stream().allMatch(run("backups", "-o", "csv").output()::contains)) {
            assertThat(site.server().isAlive()).isTrue();
        }
    }

    CommandRun run(String... arguments) throws IOException, InterruptedException {
        return CommandRun.of(home, Map.of(), arguments);
    }

    /// The names of the VMs that run from backups.
    String names() throws IOException, InterruptedException {
        return run("vms", "--output", "csv").output();
    }

    @Override
    public void close() throws IOException {
        site.close();
    }
}
