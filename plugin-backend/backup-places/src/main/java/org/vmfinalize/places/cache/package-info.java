/// A bounded cache on this server's disk, for places behind a slow link: [BlockCache]. A block crosses the link once, even
/// when several want it at the same time.
@NullMarked
package org.vmfinalize.places.cache;

import org.jspecify.annotations.NullMarked;
