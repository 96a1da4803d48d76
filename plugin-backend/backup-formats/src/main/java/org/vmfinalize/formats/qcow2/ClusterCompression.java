package org.vmfinalize.formats.qcow2;

import java.nio.ByteBuffer;
import org.vmfinalize.formats.chain.Compression;
import org.vmfinalize.formats.chain.Run;

/// Compressed clusters: a bare deflate stream each, which makes a whole cluster also where the disk ends.
enum ClusterCompression implements Compression {
    ZLIB;

    @Override
    public String what() {
        return "qcow2 compressed cluster";
    }

    @Override
    public boolean zlibHeader() {
        return false;
    }

    @Override
    public ByteBuffer stream(Run run, ByteBuffer stored) {
        return stored;
    }
}
