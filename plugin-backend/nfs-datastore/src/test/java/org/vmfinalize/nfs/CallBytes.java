package org.vmfinalize.nfs;

import java.nio.ByteBuffer;

/// Builds calls byte by byte, right ones and wrong ones.
final class CallBytes {

    static final int NFS = 100003;
    static final int XID = 0x51515151;

    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 21);

    static CallBytes header(int rpcVersion, int program, int version, int procedure) {
        return new CallBytes().number(XID).number(0).number(rpcVersion).number(program).number(version)
                .number(procedure);
    }

    /// A call with AUTH_SYS credentials of root, to which arguments can be added.
    static CallBytes nfs(int procedure) {
        return header(2, NFS, 3, procedure).rootCredential().number(0).number(0);
    }

    CallBytes rootCredential() {
        return number(1).number(20).number(0).number(0).number(0).number(0).number(0);
    }

    CallBytes number(int value) {
        bytes.putInt(value);
        return this;
    }

    CallBytes hyper(long value) {
        bytes.putLong(value);
        return this;
    }

    CallBytes opaque(byte[] value) {
        bytes.putInt(value.length).put(value).put(new byte[-value.length & 3]);
        return this;
    }

    byte[] record() {
        byte[] record = new byte[bytes.position()];
        bytes.get(0, record);
        return record;
    }
}
