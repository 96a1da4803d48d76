package org.vmfinalize.nfs;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;

/// What the procedures of NFS return.
@SuppressWarnings("ArrayRecordComponent") // compared by field in tests only
final class Nfs3Results {

    record Attributes(int type, int mode, int links, int uid, int gid, long size, long used, long fsid,
            long fileid,
            long mtime, long ctime) {

        static Attributes decode(XdrDecodingStream in) throws IOException {
            int type = in.xdrDecodeInt();
            int mode = in.xdrDecodeInt();
            int links = in.xdrDecodeInt();
            int uid = in.xdrDecodeInt();
            int gid = in.xdrDecodeInt();
            long size = in.xdrDecodeLong();
            long used = in.xdrDecodeLong();
            in.xdrDecodeLong();
            long fsid = in.xdrDecodeLong();
            long fileid = in.xdrDecodeLong();
            in.xdrDecodeLong(); // atime
            return new Attributes(type, mode, links, uid, gid, size, used, fsid, fileid, in.xdrDecodeLong(),
                    in.xdrDecodeLong());
        }

        static Optional<Attributes> decodePostOp(XdrDecodingStream in) throws IOException {
            return in.xdrDecodeBoolean() ? Optional.of(decode(in)) : Optional.empty();
        }
    }

    /// What a client may compare with what it remembers of a file.
    record Before(long size, long mtime, long ctime) {

        static Before of(Attributes attributes) {
            return new Before(attributes.size(), attributes.mtime(), attributes.ctime());
        }
    }

    record Wcc(Optional<Before> before, Optional<Attributes> after) {

        static Wcc decode(XdrDecodingStream in) throws IOException {
            Optional<Before> before = in.xdrDecodeBoolean()
                    ? Optional.of(new Before(in.xdrDecodeLong(), in.xdrDecodeLong(), in.xdrDecodeLong()))
                    : Optional.empty();
            return new Wcc(before, Attributes.decodePostOp(in));
        }
    }

    record Changed(int status, List<Wcc> wcc) {}

    record Status(int status, Optional<Attributes> attributes) {}

    record Found(int status, byte[] handle, Optional<Attributes> attributes) {}

    /// @param wcc of the directory
    record Made(Found found, Wcc wcc) {}

    record Read(int status, byte[] data, boolean eof) {}

    record Written(int status, int count, int committed, long verifier, Wcc wcc) {}

    record Entry(String name, long fileid, long cookie, Optional<Attributes> attributes, byte[] handle) {}

    record Page(int status, List<Entry> entries, boolean eof) {}

    private Nfs3Results() {}
}
