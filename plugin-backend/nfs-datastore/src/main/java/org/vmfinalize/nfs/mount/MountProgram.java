package org.vmfinalize.nfs.mount;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.vmfinalize.nfs.export.ClientRule;
import org.vmfinalize.nfs.export.ExportTree;
import org.vmfinalize.nfs.export.ExportTree.Found;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.FileHandle;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.posix.Descriptor;
import org.vmfinalize.nfs.posix.Errno;
import org.vmfinalize.nfs.posix.PosixException;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.rpc.RpcProgram;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// Tells clients the handles of exports and of directories below them, and lists what is exported and who has mounted it.
///
/// The list of mounts is kept for people only, and forgotten when the server ends, as the protocol has it.
///
/// **Threads:** any number.
public final class MountProgram implements RpcProgram {

    public static final int NUMBER = 100005;
    public static final int VERSION = 3;

    private static final int NULL = 0;
    private static final int MNT = 1;
    private static final int DUMP = 2;
    private static final int UMNT = 3;
    private static final int UMNTALL = 4;
    private static final int EXPORT = 5;

    private static final int MAX_PATH = 1024;
    private static final int MOST_MOUNTS = 256;
    private static final int AUTH_SYS = 1;

    private final Exports exports;
    private final ReentrantLock lock = new ReentrantLock();
    @GuardedBy("lock")
    private final LinkedHashSet<Mount> mounts = new LinkedHashSet<>();

    private record Mount(InetAddress client, String path) {}

    public MountProgram(Exports exports) {
        this.exports = exports;
    }

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public int procedureCount() {
        return EXPORT + 1;
    }

    @Override
    public boolean allowsAnonymous(int procedure) {
        // Access is decided by the client's address, so a mount needs no user.
        return true;
    }

    @Override
    public void call(Call call) throws IOException {
        switch (call.procedure()) {
            case NULL -> answerNothing(call);
            case MNT -> mount(call);
            case DUMP -> dump(call);
            case UMNT -> unmount(call);
            case UMNTALL -> unmountAll(call);
            case EXPORT -> list(call);
            default -> throw new IllegalStateException("MOUNT has no procedure " + call.procedure());
        }
    }

    private static void answerNothing(Call call) throws XdrException {
        call.arguments().end();
        call.begin(0);
        call.send();
    }

    private void mount(Call call) throws XdrException {
        String path = path(call);
        XdrWriter out = call.begin(4 + 4 + FileHandle.BYTES + 8);
        int start = out.position();
        try {
            FileHandle handle = find(path, call.client());
            out.putInt(NfsStatus.OK.number());
            handle.encode(out);
            out.putInt(1).putInt(AUTH_SYS);
            remember(new Mount(call.client(), path));
        } catch (IOException e) {
            out.rewindTo(start);
            out.putInt(statusOf(e).number());
        }
        call.send();
    }

    /// Longer paths than any export's get their own error; those too long for the protocol's string do not decode.
    private static String path(Call call) throws XdrException {
        // ISO 8859-1 maps each byte to one character and back, whatever encoding the client uses.
        String path = new String(call.arguments().readBytes(4 * MAX_PATH), StandardCharsets.ISO_8859_1);
        call.arguments().end();
        return path;
    }

    /// Finds a directory in the export that `path` begins with. Names are followed one by one, as LOOKUP does; `..` has no
    /// business in a path to mount.
    private FileHandle find(String path, InetAddress client) throws IOException {
        if (path.length() > MAX_PATH) {
            throw new NfsException(NfsStatus.NAMETOOLONG);
        }
        List<String> names = namesIn(path);
        for (ExportTree tree : exports.trees()) {
            List<String> exported = namesIn(
                    new String(tree.export().path().getBytes(StandardCharsets.UTF_8),
                            StandardCharsets.ISO_8859_1));
            if (names.size() >= exported.size() && names.subList(0, exported.size()).equals(exported)) {
                if (tree.export().ruleFor(client) == null) {
                    throw new NfsException(NfsStatus.ACCES);
                }
                return descend(tree, names.subList(exported.size(), names.size()));
            }
        }
        throw new NfsException(NfsStatus.NOENT);
    }

    private static List<String> namesIn(String path) throws NfsException {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..") || name.indexOf('\0') >= 0) {
                throw new NfsException(NfsStatus.NOENT);
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return names;
    }

    private static FileHandle descend(ExportTree tree, List<String> names) throws IOException {
        var node = tree.root();
        for (String name : names) {
            try (Descriptor open = tree.open(node)) {
                Found found = tree.lookup(node, open, name.getBytes(StandardCharsets.ISO_8859_1));
                if (!found.status().isDirectory()) {
                    throw new NfsException(NfsStatus.NOTDIR);
                }
                node = found.node();
            }
        }
        return node.handle();
    }

    private static NfsStatus statusOf(IOException failure) {
        return switch (failure) {
            case NfsException e -> switch (e.status()) {
                case NOENT, ACCES, NOTDIR, INVAL, NAMETOOLONG, IO -> e.status();
                default -> NfsStatus.SERVERFAULT;
            };
            case PosixException e -> e.errno() == Errno.ENOENT ? NfsStatus.NOENT : NfsStatus.IO;
            default -> NfsStatus.IO;
        };
    }

    private void remember(Mount mount) {
        lock.lock();
        try {
            mounts.remove(mount);
            mounts.add(mount);
            if (mounts.size() > MOST_MOUNTS) {
                mounts.remove(mounts.iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    private void unmount(Call call) throws XdrException {
        forget(new Mount(call.client(), path(call)));
        call.begin(0);
        call.send();
    }

    private void forget(Mount mount) {
        lock.lock();
        try {
            mounts.remove(mount);
        } finally {
            lock.unlock();
        }
    }

    private void unmountAll(Call call) throws XdrException {
        call.arguments().end();
        lock.lock();
        try {
            mounts.removeIf(mount -> mount.client().equals(call.client()));
        } finally {
            lock.unlock();
        }
        call.begin(0);
        call.send();
    }

    private void dump(Call call) throws XdrException {
        call.arguments().end();
        List<Mount> known = List.copyOf(mounts(call.listBytes()));
        int bytes = known.stream().mapToInt(mount -> 80 + mount.path().length()).sum();
        XdrWriter out = call.begin(bytes + 4);
        for (Mount mount : known) {
            out.putBoolean(true);
            putString(out, mount.client().getHostAddress());
            putString(out, mount.path());
        }
        out.putBoolean(false);
        call.send();
    }

    /// The latest ones.
    private List<Mount> mounts(int mostBytes) {
        lock.lock();
        try {
            List<Mount> some = new ArrayList<>();
            int bytes = 0;
            for (Mount mount : mounts.reversed()) {
                bytes += 80 + mount.path().length();
                if (bytes > mostBytes) {
                    break;
                }
                some.add(mount);
            }
            return some;
        } finally {
            lock.unlock();
        }
    }

    private void list(Call call) throws XdrException {
        call.arguments().end();
        int bytes = exports.trees().stream()
                .mapToInt(
                        tree -> 16 + 4 * tree.export().path().length() + 64 * tree.export().clients().size())
                .sum();
        XdrWriter out = call.begin(bytes + 4);
        for (ExportTree tree : exports.trees()) {
            out.putBoolean(true).putOpaque(tree.export().path().getBytes(StandardCharsets.UTF_8));
            for (ClientRule rule : tree.export().clients()) {
                out.putBoolean(true);
                putString(out, rule.network().toString());
            }
            out.putBoolean(false);
        }
        out.putBoolean(false);
        call.send();
    }

    private static void putString(XdrWriter out, String text) {
        out.putOpaque(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
