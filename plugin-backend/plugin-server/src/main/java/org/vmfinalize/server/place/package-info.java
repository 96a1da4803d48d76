/// The places that backups may be taken from, as the settings name them.
@NullMarked
package org.vmfinalize.server.place;

import org.jspecify.annotations.NullMarked;
