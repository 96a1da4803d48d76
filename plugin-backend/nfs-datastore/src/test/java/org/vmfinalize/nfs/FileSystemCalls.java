package org.vmfinalize.nfs;

import java.io.IOException;
import org.vmfinalize.nfs.Nfs3Results.Attributes;

/// The procedures about a whole file system.
interface FileSystemCalls extends Nfs3Calls {

    /// Total, free and available bytes.
    default long[] fsstat(byte[] handle) throws IOException {
        return nfs(18, out -> out.xdrEncodeDynamicOpaque(handle), in -> {
            in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            long[] bytes = {in.xdrDecodeLong(), in.xdrDecodeLong(), in.xdrDecodeLong()};
            for (int i = 0; i < 3; i++) {
                in.xdrDecodeLong();
            }
            in.xdrDecodeInt();
            return bytes;
        });
    }

    /// rtmax, wtmax.
    default int[] fsinfo(byte[] handle) throws IOException {
        return nfs(19, out -> out.xdrEncodeDynamicOpaque(handle), in -> {
            in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            int readMost = in.xdrDecodeInt();
            in.xdrDecodeInt();
            in.xdrDecodeInt();
            int writeMost = in.xdrDecodeInt();
            for (int i = 0; i < 3; i++) {
                in.xdrDecodeInt();
            }
            in.xdrDecodeLong();
            in.xdrDecodeLong();
            in.xdrDecodeInt();
            return new int[]{readMost, writeMost};
        });
    }

    /// Most bytes of a file.
    default long largestFile(byte[] handle) throws IOException {
        return nfs(19, out -> out.xdrEncodeDynamicOpaque(handle), in -> {
            in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            for (int i = 0; i < 7; i++) {
                in.xdrDecodeInt();
            }
            long largest = in.xdrDecodeLong();
            in.xdrDecodeLong();
            in.xdrDecodeInt();
            return largest;
        });
    }

    /// Longest name.
    default int pathconf(byte[] handle) throws IOException {
        return nfs(20, out -> out.xdrEncodeDynamicOpaque(handle), in -> {
            in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            in.xdrDecodeInt();
            int longest = in.xdrDecodeInt();
            for (int i = 0; i < 4; i++) {
                in.xdrDecodeBoolean();
            }
            return longest;
        });
    }
}
