/// Network block devices as a place: [NbdPlace]. The protocol is that of the NBD project, `doc/proto.md`: fixed newstyle,
/// TLS, structured replies, `base:allocation`.
///
/// [Handshake] comes to terms with a server, [Transmission] keeps many requests under way on one connection, [NbdFile]
/// reads an export over several connections and connects again when one is lost.
@NullMarked
package org.vmfinalize.places.nbd;

import org.jspecify.annotations.NullMarked;
