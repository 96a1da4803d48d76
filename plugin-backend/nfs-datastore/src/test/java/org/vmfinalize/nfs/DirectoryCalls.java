package org.vmfinalize.nfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.nfs.Nfs3Results.Attributes;
import org.vmfinalize.nfs.Nfs3Results.Changed;
import org.vmfinalize.nfs.Nfs3Results.Found;
import org.vmfinalize.nfs.Nfs3Results.Made;
import org.vmfinalize.nfs.Nfs3Results.Wcc;

/// The procedures that find, make, rename and remove names.
interface DirectoryCalls extends Nfs3Calls {

    default Found lookup(byte[] directory, String name) throws IOException {
        return lookup(directory, name.getBytes(StandardCharsets.UTF_8));
    }

    default Found lookup(byte[] directory, byte[] name) throws IOException {
        return nfs(3, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeDynamicOpaque(name);
        }, in -> {
            int status = in.xdrDecodeInt();
            byte[] handle = status == 0 ? in.xdrDecodeDynamicOpaque() : new byte[0];
            Optional<Attributes> attributes = status == 0 ? Attributes.decodePostOp(in) : Optional.empty();
            Attributes.decodePostOp(in);
            return new Found(status, handle, attributes);
        });
    }

    default Found create(byte[] directory, String name) throws IOException {
        return create(directory, name.getBytes(StandardCharsets.UTF_8), out -> {
            out.xdrEncodeInt(0);
            FileCalls.putAttributes(out, 0644, -1);
        });
    }

    default Found createGuarded(byte[] directory, String name) throws IOException {
        return create(directory, name.getBytes(StandardCharsets.UTF_8), out -> {
            out.xdrEncodeInt(1);
            FileCalls.putAttributes(out, 0600, -1);
        });
    }

    default Found createExclusive(byte[] directory, String name, long verifier) throws IOException {
        return create(directory, name.getBytes(StandardCharsets.UTF_8), out -> {
            out.xdrEncodeInt(2);
            out.xdrEncodeLong(verifier);
        });
    }

    default Found create(byte[] directory, byte[] name, Arguments how) throws IOException {
        return made(8, directory, name, how);
    }

    default Found mkdir(byte[] directory, String name) throws IOException {
        return mkdir(directory, name.getBytes(StandardCharsets.UTF_8));
    }

    default Found mkdir(byte[] directory, byte[] name) throws IOException {
        return made(9, directory, name, out -> FileCalls.putAttributes(out, 0755, -1));
    }

    private Found made(int procedure, byte[] directory, byte[] name, Arguments how) throws IOException {
        return madeTold(procedure, directory, name, how).found();
    }

    /// Calls CREATE or MKDIR.
    default Made madeTold(int procedure, byte[] directory, byte[] name, Arguments how) throws IOException {
        return nfs(procedure, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeDynamicOpaque(name);
            how.encode(out);
        }, in -> {
            int status = in.xdrDecodeInt();
            byte[] handle = status == 0 && in.xdrDecodeBoolean() ? in.xdrDecodeDynamicOpaque() : new byte[0];
            Optional<Attributes> attributes = status == 0 ? Attributes.decodePostOp(in) : Optional.empty();
            return new Made(new Found(status, handle, attributes), Wcc.decode(in));
        });
    }

    default int symlink(byte[] directory, String name, String target) throws IOException {
        return changed(10, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeString(name);
            FileCalls.putAttributes(out, -1, -1);
            out.xdrEncodeString(target);
        });
    }

    default int mknod(byte[] directory, String name, int type) throws IOException {
        return changed(11, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeString(name);
            out.xdrEncodeInt(type);
            if (type == 3 || type == 4 || type >= 6) {
                FileCalls.putAttributes(out, -1, -1);
            }
            if (type == 3 || type == 4) {
                out.xdrEncodeLong(1);
            }
        });
    }

    default int remove(byte[] directory, String name) throws IOException {
        return remove(12, directory, name);
    }

    default int rmdir(byte[] directory, String name) throws IOException {
        return remove(13, directory, name);
    }

    private int remove(int procedure, byte[] directory, String name) throws IOException {
        return changed(procedure, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeString(name);
        });
    }

    private int changed(int procedure, Arguments arguments) throws IOException {
        return changedTold(procedure, arguments).status();
    }

    /// Calls one of those that return nothing but what became of one directory.
    default Changed changedTold(int procedure, Arguments arguments) throws IOException {
        return nfs(procedure, arguments, in -> {
            int status = in.xdrDecodeInt();
            return new Changed(status, List.of(Wcc.decode(in)));
        });
    }

    default int rename(byte[] from, String oldName, byte[] to, String newName) throws IOException {
        return renameTold(from, oldName, to, newName).status();
    }

    default Changed renameTold(byte[] from, String oldName, byte[] to, String newName) throws IOException {
        return nfs(14, out -> {
            out.xdrEncodeDynamicOpaque(from);
            out.xdrEncodeString(oldName);
            out.xdrEncodeDynamicOpaque(to);
            out.xdrEncodeString(newName);
        }, in -> {
            int status = in.xdrDecodeInt();
            return new Changed(status, List.of(Wcc.decode(in), Wcc.decode(in)));
        });
    }

    default int link(byte[] file, byte[] directory, String name) throws IOException {
        return nfs(15, out -> {
            out.xdrEncodeDynamicOpaque(file);
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeString(name);
        }, in -> {
            int status = in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            Wcc.decode(in);
            return status;
        });
    }
}
