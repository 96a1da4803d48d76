package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.guest.LabHost;
import org.vmfinalize.lab.guest.NfsAddress;

/// Everything that runs on the lab's machine: vCenter, vSphere Client and the plugin server with one datastore.
///
/// **Threads:** one at a time; [#close()] may be called by any.
final class LabSite implements AutoCloseable {

    static final String DATASTORE = "lab-datastore";
    static final String EXPORT = "/lab";
    /// The datastore of the lab's vCenter that is not the product's.
    static final String OTHER_DATASTORE = "local-01";

    private final LabVSphere vsphere;
    private final ServerProcess server;
    private final Path datastoreDirectory;
    private final Path passwordFile;
    private final Path otherDatastore;
    private final LabHost host;
    private @Nullable PluginApi api;

    private LabSite(LabVSphere vsphere, ServerProcess server, Path datastoreDirectory, Path passwordFile,
            Path otherDatastore) {
        this.otherDatastore = otherDatastore;
        this.host = new LabHost(DATASTORE, EXPORT, server.nfs().address(),
                Map.of(OTHER_DATASTORE, otherDatastore));
        vsphere.storage(host);
        this.vsphere = vsphere;
        this.server = server;
        this.datastoreDirectory = datastoreDirectory;
        this.passwordFile = passwordFile;
    }

    /// Starts vCenter and vSphere Client; the plugin server follows with [#startServer()].
    ///
    /// @param folder for the plugin server's data and log
    /// @param backups the only folder that VMs may be run from
    /// @param datastoreDirectory exists; the datastore's content
    /// @param pagePort of the vSphere Client's page; 0 for any free one
    static LabSite open(Path folder, Path backups, Path datastoreDirectory, int pagePort) throws IOException {
        return open(folder, backups, datastoreDirectory, pagePort, NfsPlace.anywhere());
    }

    /// The same with a choice of where the datastore is served.
    static LabSite open(Path folder, Path backups, Path datastoreDirectory, int pagePort, NfsPlace nfs)
            throws IOException {
        var vsphere = LabVSphere.start(pagePort);
        try {
            var passwordFile = passwordFile(folder, vsphere);
            var server = new ServerProcess(folder,
                    settings(folder, backups, datastoreDirectory, vsphere, passwordFile), nfs);
            return new LabSite(vsphere, server, datastoreDirectory, passwordFile,
                    folder.resolve(OTHER_DATASTORE));
        } catch (IOException e) {
            vsphere.close();
            throw e;
        }
    }

    LabVSphere vsphere() {
        return vsphere;
    }

    /// The plugin server's API, with a session.
    synchronized PluginApi api() {
        if (api == null) {
            throw new IllegalStateException("the plugin server was not started yet");
        }
        return api;
    }

    ServerProcess server() {
        return server;
    }

    Path datastoreDirectory() {
        return datastoreDirectory;
    }

    /// The folder that stands for [#OTHER_DATASTORE].
    Path otherDatastore() {
        return otherDatastore;
    }

    /// What moves machines, and must know of their guests.
    LabHost host() {
        return host;
    }

    /// Where the datastore is served.
    NfsAddress nfs() {
        return server.nfs().address();
    }

    /// Starts the plugin server, for the first time or after it was killed, and logs in.
    void startServer() throws IOException {
        server.start();
        var next = new PluginApi(server.address(), server.thumbprint());
        synchronized (this) {
            closeApi();
            api = next;
        }
        next.logIn(vsphere.userName(), vsphere.password());
    }

    /// How the command line gets a session here.
    String login() throws IOException {
        return "VMFINALIZE_PASSWORD_FILE=%s scripts/vm-finalize login https://127.0.0.1:%d --user %s --thumbprint %s"
                .formatted(passwordFile, server.address().getPort(), vsphere.userName(), server.thumbprint());
    }

    @Override
    public void close() throws IOException {
        closeApi();
        try (vsphere; server) {
            // Both are closed here, the server first.
        }
    }

    private synchronized void closeApi() {
        if (api != null) {
            api.close();
        }
    }

    private static Path passwordFile(Path folder, LabVSphere vsphere) throws IOException {
        Files.createDirectories(folder);
        var file = Files.createTempFile(folder, "vcenter", ".password",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, vsphere.password());
    }

    private static Map<String, Object> settings(Path folder, Path backups, Path datastoreDirectory,
            LabVSphere vsphere, Path passwordFile) {
        var settings = new LinkedHashMap<String, Object>();
        settings.put("vmfinalize.vcenter.url", vsphere.sdk().toString());
        settings.put("vmfinalize.vcenter.thumbprint", vsphere.thumbprint());
        settings.put("vmfinalize.vcenter.user", vsphere.userName());
        settings.put("vmfinalize.vcenter.password-file", passwordFile.toString());
        settings.put("vmfinalize.register-extension", true);
        settings.put("vmfinalize.backup-directories[0]", backups.toString());
        settings.put("vmfinalize.changes-directory", folder.resolve("changes").toAbsolutePath().toString());
        settings.put("vmfinalize.datastores[0].name", DATASTORE);
        settings.put("vmfinalize.datastores[0].directory", datastoreDirectory.toString());
        settings.put("vmfinalize.datastores[0].export", EXPORT);
        return settings;
    }
}
