/// The places that backups lie in, and the files there.
///
/// Start at [Places]: it opens a file by its location, if that lies in a place that is configured, and lists what is
/// there. Each kind of [Place] has a package of its own below this one.
@NullMarked
package org.vmfinalize.places;

import org.jspecify.annotations.NullMarked;
