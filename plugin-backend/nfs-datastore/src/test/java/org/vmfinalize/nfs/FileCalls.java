package org.vmfinalize.nfs;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.vmfinalize.nfs.Nfs3Results.Attributes;
import org.vmfinalize.nfs.Nfs3Results.Changed;
import org.vmfinalize.nfs.Nfs3Results.Read;
import org.vmfinalize.nfs.Nfs3Results.Status;
import org.vmfinalize.nfs.Nfs3Results.Wcc;
import org.vmfinalize.nfs.Nfs3Results.Written;

/// The procedures about one file.
interface FileCalls extends Nfs3Calls {

    default Status getattr(byte[] handle) throws IOException {
        return nfs(1, out -> out.xdrEncodeDynamicOpaque(handle), in -> {
            int status = in.xdrDecodeInt();
            return new Status(status, status == 0 ? Optional.of(Attributes.decode(in)) : Optional.empty());
        });
    }

    default Attributes attributes(byte[] handle) throws IOException {
        return getattr(handle).attributes().orElseThrow();
    }

    default int setSize(byte[] handle, long size) throws IOException {
        return setattr(handle, out -> putAttributes(out, -1, size), Optional.empty());
    }

    default int setMode(byte[] handle, int mode) throws IOException {
        return setattr(handle, out -> putAttributes(out, mode, -1), Optional.empty());
    }

    default int setattr(byte[] handle, Arguments attributes, Optional<Long> guard) throws IOException {
        return setattrTold(handle, attributes, guard).status();
    }

    default Changed setattrTold(byte[] handle, Arguments attributes, Optional<Long> guard)
            throws IOException {
        return nfs(2, out -> {
            out.xdrEncodeDynamicOpaque(handle);
            attributes.encode(out);
            out.xdrEncodeBoolean(guard.isPresent());
            if (guard.isPresent()) {
                out.xdrEncodeLong(guard.get());
            }
        }, in -> {
            int status = in.xdrDecodeInt();
            return new Changed(status, List.of(Wcc.decode(in)));
        });
    }

    /// The granted bits, or the negative status.
    default int access(byte[] handle, int wanted) throws IOException {
        return nfs(4, out -> {
            out.xdrEncodeDynamicOpaque(handle);
            out.xdrEncodeInt(wanted);
        }, in -> {
            int status = in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            return status == 0 ? in.xdrDecodeInt() : -status;
        });
    }

    default int readlink(byte[] handle) throws IOException {
        return statusThenPostOp(5, out -> out.xdrEncodeDynamicOpaque(handle));
    }

    private int statusThenPostOp(int procedure, Arguments arguments) throws IOException {
        return nfs(procedure, arguments, in -> {
            int status = in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            return status;
        });
    }

    default Read read(byte[] handle, long offset, int count) throws IOException {
        return nfs(6, out -> {
            out.xdrEncodeDynamicOpaque(handle);
            out.xdrEncodeLong(offset);
            out.xdrEncodeInt(count);
        }, in -> {
            int status = in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            if (status != 0) {
                return new Read(status, new byte[0], false);
            }
            int length = in.xdrDecodeInt();
            boolean eof = in.xdrDecodeBoolean();
            byte[] data = in.xdrDecodeDynamicOpaque();
            if (data.length != length) {
                throw new IOException("count is %d but there are %d bytes".formatted(length, data.length));
            }
            return new Read(status, data, eof);
        });
    }

    default Written write(byte[] handle, long offset, byte[] data, int stability) throws IOException {
        return write(handle, offset, data, data.length, stability);
    }

    default Written write(byte[] handle, long offset, byte[] data, int count, int stability)
            throws IOException {
        return nfs(7, out -> {
            out.xdrEncodeDynamicOpaque(handle);
            out.xdrEncodeLong(offset);
            out.xdrEncodeInt(count);
            out.xdrEncodeInt(stability);
            out.xdrEncodeDynamicOpaque(data);
        }, in -> {
            int status = in.xdrDecodeInt();
            Wcc wcc = Wcc.decode(in);
            return status == 0
                    ? new Written(status, in.xdrDecodeInt(), in.xdrDecodeInt(), in.xdrDecodeLong(), wcc)
                    : new Written(status, 0, 0, 0, wcc);
        });
    }

    default Written commit(byte[] handle) throws IOException {
        return nfs(21, out -> {
            out.xdrEncodeDynamicOpaque(handle);
            out.xdrEncodeLong(0);
            out.xdrEncodeInt(0);
        }, in -> {
            int status = in.xdrDecodeInt();
            Wcc wcc = Wcc.decode(in);
            return new Written(status, 0, Nfs3Client.FILE_SYNC, status == 0 ? in.xdrDecodeLong() : 0, wcc);
        });
    }

    /// `sattr3` with a mode and a size, unless they are negative.
    static void putAttributes(XdrEncodingStream out, int mode, long size) {
        out.xdrEncodeBoolean(mode >= 0);
        if (mode >= 0) {
            out.xdrEncodeInt(mode);
        }
        out.xdrEncodeBoolean(false);
        out.xdrEncodeBoolean(false);
        out.xdrEncodeBoolean(size >= 0);
        if (size >= 0) {
            out.xdrEncodeLong(size);
        }
        out.xdrEncodeInt(0);
        out.xdrEncodeInt(0);
    }
}
