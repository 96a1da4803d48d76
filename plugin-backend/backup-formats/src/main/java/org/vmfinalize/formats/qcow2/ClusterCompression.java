package org.vmfinalize.formats.qcow2;

import java.nio.ByteBuffer;
import org.vmfinalize.formats.chain.Compression;
import org.vmfinalize.formats.chain.Decompressor;
import org.vmfinalize.formats.chain.Deflate;
import org.vmfinalize.formats.chain.Run;
import org.vmfinalize.formats.chain.Zstd;

/// Compressed clusters: a stream of zlib without its header, or of zstd, which makes a whole cluster also where the disk ends. The header says which
/// method all of them are compressed by (section "Header", compression type).
enum ClusterCompression implements Compression {
    ZLIB {

        @Override
        public Decompressor decompressor() {
            return new Deflate(false);
        }
    },
    ZSTD {

        @Override
        public Decompressor decompressor() {
            return new Zstd();
        }
    };

    @Override
    public String what() {
        return "qcow2 compressed cluster";
    }

    @Override
    public ByteBuffer stream(Run run, ByteBuffer stored) {
        return stored;
    }
}
