package org.vmfinalize.nfs.v3;

import java.io.IOException;
import org.vmfinalize.nfs.export.ExportTree;
import org.vmfinalize.nfs.export.ExportTree.Found;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.posix.DirectoryReader;
import org.vmfinalize.nfs.posix.Errno;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.posix.PosixException;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// READDIR and READDIRPLUS (RFC 1813, 3.3.16 and 3.3.17).
///
/// Cookies are those of the file system, which stay right while entries come and go. The cookie verifier is always zero
/// and never checked: clients whose cookies are refused because a directory has changed begin anew for ever.
final class DirectoryProcedures {

    /// Largest answer, in bytes; what a client asks for beyond it is cut.
    static final int MAX_BYTES = 64 << 10;

    private static final int VERIFIER_BYTES = 8;
    /// "No further entry", end of file.
    private static final int TRAILER_BYTES = 8;
    /// "One more entry", file id, length of the name, cookie.
    private static final int ENTRY_BYTES = 4 + 8 + 4 + 8;
    private static final int PLUS_BYTES = Attributes.POST_OP_BYTES + 4 + LookupProcedures.HANDLE_BYTES;

    private final Exports exports;
    private final Answers answers;

    /// Where to begin and how much to give.
    ///
    /// @param nameBytes most bytes of names and cookies
    /// @param allBytes most bytes of the whole result
    private record Page(long cookie, long nameBytes, long allBytes, boolean plus) {}

    DirectoryProcedures(Exports exports, Answers answers) {
        this.exports = exports;
        this.answers = answers;
    }

    void readdir(Call call) throws XdrException {
        read(call, false);
    }

    void readdirplus(Call call) throws XdrException {
        read(call, true);
    }

    private void read(Call call, boolean plus) throws XdrException {
        XdrReader in = call.arguments();
        Subject directory = new Subject(exports, Arguments.handle(in), call.client());
        long cookie = in.readLong();
        in.readLong(); // verifier
        long nameBytes = plus ? in.readUnsignedInt() : MAX_BYTES;
        long allBytes = Math.min(in.readUnsignedInt(), MAX_BYTES);
        in.end();
        Page page = new Page(cookie, nameBytes, allBytes, plus);
        answers.soon(call, directory, MAX_BYTES + Attributes.POST_OP_BYTES, out -> {
            putPage(directory, page, directory.permissions(call), out);
            directory.close();
        }, out -> {
            directory.putPostOp(out);
            directory.close();
        });
    }

    private static void putPage(Subject directory, Page page, Permissions permissions, XdrWriter out)
            throws IOException {
        FileStatus status = directory.status();
        Subject.requireDirectory(status);
        permissions.require(status, Permissions.READ);
        int start = out.position();
        Attributes.putPostOp(out, status, directory.tree().id());
        out.putFixedOpaque(new byte[VERIFIER_BYTES]);
        try (DirectoryReader entries = reader(directory, page.cookie())) {
            putEntries(directory, entries, page, start, out);
        }
    }

    private static DirectoryReader reader(Subject directory, long cookie) throws IOException {
        try {
            return ExportTree.read(directory.open(), cookie);
        } catch (PosixException e) {
            throw e.errno() == Errno.EINVAL ? new NfsException(NfsStatus.BAD_COOKIE) : e;
        }
    }

    private static void putEntries(Subject directory, DirectoryReader entries, Page page, int start,
            XdrWriter out)
            throws IOException {
        long nameBytes = 0;
        boolean any = false;
        while (entries.hasNext()) {
            DirectoryReader.Entry entry = entries.next();
            int name = entry.name().length + XdrWriter.padding(entry.name().length);
            int size = ENTRY_BYTES + name + (page.plus() ? PLUS_BYTES : 0);
            nameBytes += ENTRY_BYTES + name;
            boolean full = out.position() - start + size + TRAILER_BYTES > page.allBytes()
                    || (any && nameBytes > page.nameBytes());
            Found found = full && any ? null : find(directory, entry.name());
            if (full && !any && found != null) {
                throw new NfsException(NfsStatus.TOOSMALL);
            }
            if (full && any) {
                out.putBoolean(false).putBoolean(false);
                return;
            }
            if (found != null) {
                putEntry(entry, found, directory.tree().id(), page.plus(), out);
                any = true;
            }
        }
        out.putBoolean(false).putBoolean(true);
    }

    private static void putEntry(DirectoryReader.Entry entry, Found found, int exportId, boolean plus,
            XdrWriter out) {
        out.putBoolean(true).putLong(found.status().inode()).putOpaque(entry.name()).putLong(entry.cookie());
        if (plus) {
            Attributes.putPostOp(out, found.status(), exportId);
            out.putBoolean(true);
            found.node().handle().encode(out);
        }
    }

    /// The entry's file; null if clients must not see it or it went away meanwhile.
    private static @org.jspecify.annotations.Nullable Found find(Subject directory, byte[] name)
            throws IOException {
        try {
            return directory.tree().lookup(directory.node(), directory.open(), name);
        } catch (NfsException | PosixException _) {
            return null;
        }
    }
}
