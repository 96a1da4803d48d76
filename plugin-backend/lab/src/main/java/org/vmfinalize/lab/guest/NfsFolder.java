package org.vmfinalize.lab.guest;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// A machine's folder on a file server, as a host uses it.
///
/// **Threads:** one.
final class NfsFolder implements Closeable {

    private final NfsAddress address;
    private final String export;
    private final String name;
    private final NfsConnection connection;
    private final byte[] root;

    private NfsFolder(NfsAddress address, String export, String name, NfsConnection connection, byte[] root) {
        this.address = address;
        this.export = export;
        this.name = name;
        this.connection = connection;
        this.root = root;
    }

    static NfsFolder open(NfsAddress address, String export, String name) throws IOException {
        byte[] root;
        try (var mount = NfsConnection.open(address.host(), address.mountPort(), NfsProcedures.MOUNT_PROGRAM,
                NfsProcedures.VERSION)) {
            root = NfsProcedures.mount(mount, export);
        }
        return new NfsFolder(address, export, name, NfsConnection.open(address.host(), address.nfsPort(),
                NfsProcedures.NFS_PROGRAM, NfsProcedures.VERSION), root);
    }

    /// Opens a file that nobody writes to meanwhile.
    GuestDisk file(String fileName) throws IOException {
        return NfsFile.open(address, export, List.of(name, fileName), (_, _) -> new byte[0]);
    }

    /// Removes these files, and the folder if it is empty then. What the server does not remove stays, as on a host.
    void remove(List<String> fileNames) throws IOException {
        try {
            var folder = NfsProcedures.lookUp(connection, root, name);
            for (var fileName : fileNames) {
                NfsProcedures.remove(connection, folder, fileName);
            }
            NfsProcedures.removeDirectory(connection, root, name);
        } catch (NfsStatusException e) {
            System.getLogger(NfsFolder.class.getName()).log(System.Logger.Level.INFO,
                    "what was moved away is still there, since the file server keeps it: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
