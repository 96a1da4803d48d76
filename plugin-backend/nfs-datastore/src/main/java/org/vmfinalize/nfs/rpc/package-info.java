/// Remote procedure calls (ONC RPC version 2, RFC 5531) over TCP and UDP, for servers.
///
/// Start at [RpcServer] and [RpcProgram]. A TCP connection is one thread that reads calls and answers those that finish
/// at once; a program hands all others off ([Call#detach(int)]) and they are answered later, in any order. Everything that
/// a client can make the server keep is bounded by [RpcLimits]. This package knows no program by name.
@NullMarked
package org.vmfinalize.nfs.rpc;

import org.jspecify.annotations.NullMarked;
