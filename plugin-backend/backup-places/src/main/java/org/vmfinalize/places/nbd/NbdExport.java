package org.vmfinalize.places.nbd;

import java.util.OptionalInt;

/// What a server has told of the export that is open on a connection.
///
/// @param size        in bytes
/// @param flags       transmission flags
/// @param minBlock    what offsets and lengths must be multiples of; a power of two
/// @param maxBlock    the longest read, in bytes; a multiple of `minBlock`
/// @param structured  whether replies are structured
/// @param allocation  the context of `base:allocation`, if the server tells which parts are zeros
record NbdExport(long size, int flags, int minBlock, int maxBlock, boolean structured,
        OptionalInt allocation) {

    private static final int CAN_MULTI_CONN = 1 << 8;

    boolean takesSeveralConnections() {
        return (flags & CAN_MULTI_CONN) != 0;
    }
}
