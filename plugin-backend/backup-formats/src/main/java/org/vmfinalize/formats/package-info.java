/// The backup formats that come with vm-finalize: one OSGi bundle that publishes each as a service.
///
/// Start at [FormatsActivator]. Each format keeps to its own package; `file` has what a backup on files has in common.
@NullMarked
package org.vmfinalize.formats;

import org.jspecify.annotations.NullMarked;
