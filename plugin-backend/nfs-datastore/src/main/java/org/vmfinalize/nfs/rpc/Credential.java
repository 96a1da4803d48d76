package org.vmfinalize.nfs.rpc;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;

/// Who a call claims to come from (RFC 5531, section 8.2 and appendix A). A claim, not a proof.
public sealed interface Credential {

    /// Flavor AUTH_NONE: no claim.
    enum None implements Credential {
        NONE
    }

    /// Flavor AUTH_SYS: a Unix user on the client. The client's name and stamp are not kept: nothing may depend on them.
    ///
    /// @param uid user, an unsigned 32-bit number
    /// @param gid group, an unsigned 32-bit number
    /// @param gids further groups, at most 16
    record Sys(int uid, int gid, List<Integer> gids) implements Credential {

        public Sys {
            gids = List.copyOf(gids);
        }

        /// Whether the user belongs to `group`.
        public boolean isIn(int group) {
            return gid == group || gids.contains(group);
        }
    }

    /// Largest body of a credential or verifier, in bytes.
    int MAX_BODY = 400;
    /// The flavor without a claim.
    int AUTH_NONE = 0;
    /// The flavor that names a Unix user.
    int AUTH_SYS = 1;

    /// Decodes a credential's body.
    ///
    /// @throws XdrException if the flavor is not known or the body breaks its form or bounds
    static Credential parse(int flavor, ByteBuffer body) throws XdrException {
        return switch (flavor) {
            case AUTH_NONE -> None.NONE;
            case AUTH_SYS -> parseSys(new XdrReader(body));
            default ->
                throw new XdrException("credential flavor must be AUTH_NONE or AUTH_SYS but was " + flavor);
        };
    }

    private static Credential parseSys(XdrReader in) throws XdrException {
        in.readInt(); // stamp
        in.readOpaque(255); // machine name
        int uid = in.readInt();
        int gid = in.readInt();
        long count = in.readUnsignedInt();
        if (count > 16) {
            throw new XdrException("an AUTH_SYS credential must have at most 16 groups but had " + count);
        }
        List<Integer> gids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            gids.add(in.readInt());
        }
        in.end();
        return new Sys(uid, gid, gids);
    }
}
